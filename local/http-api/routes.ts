import type { Deployment, Resource } from '../template/deployment.ts';
import type { CorsConfiguration } from './cors.ts';

/** Who may call a route: asked of a function, and remembered. */
export interface Authorizer {
  readonly id: string;
  readonly functionArn: string;
  /** Names of the headers (lower case) that say who calls; all must be there. */
  readonly identityHeaders: readonly string[];
  readonly cacheSeconds: number;
}

/** Requests a second, and how many may come at once. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

export interface Route {
  /** `POST /use-cases/{useCase}/predictions` */
  readonly key: string;
  readonly functionArn: string;
  readonly authorizer: Authorizer | undefined;
  /** @default - it shares that of the API */
  readonly throttle?: Throttle;
}

export interface Api {
  readonly id: string;
  readonly routes: readonly Route[];
  /** Absent where the stage does not limit requests. */
  readonly throttle: Throttle | undefined;
  /** @default - no other origin's pages may read its answers */
  readonly cors?: CorsConfiguration;
}

export interface MatchedRoute {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads an HTTP API's routes, authorizers and throttling. */
export function readApi(deployment: Deployment, api: Resource): Api {
  const own = (type: string) => deployment.ofType(type).filter(({ properties }) => properties.ApiId === api.id);
  const integrations = new Map(
    own('AWS::ApiGatewayV2::Integration').map(({ id, properties }) => [id, properties.IntegrationUri]),
  );
  const authorizers = new Map(
    own('AWS::ApiGatewayV2::Authorizer').map(resource => [resource.id, readAuthorizer(resource)]),
  );
  const { DefaultRouteSettings, RouteSettings = {} } = (own('AWS::ApiGatewayV2::Stage')[0]?.properties ??
    {}) as StageSettings;
  return {
    id: api.id,
    routes: own('AWS::ApiGatewayV2::Route').map(({ properties }) => ({
      key: String(properties.RouteKey),
      functionArn: String(integrations.get(String(properties.Target).replace('integrations/', ''))),
      authorizer: authorizers.get(String(properties.AuthorizerId)),
      throttle: readThrottle(RouteSettings[String(properties.RouteKey)]),
    })),
    throttle: readThrottle(DefaultRouteSettings),
    cors: api.properties.CorsConfiguration as CorsConfiguration | undefined,
  };
}

/** Finds the routes of requests: fixed words win over `{name}`, which wins over `{name+}`; a method over `ANY`; `$default` comes last. */
export function routeMatcher(routes: readonly Route[]): (method: string, path: string) => MatchedRoute | undefined {
  const fallback = routes.find(({ key }) => key === '$default');
  const patterns = routes
    .filter(route => route !== fallback)
    .map(compile)
    .sort((one, other) => (one.rank < other.rank ? -1 : Number(one.rank > other.rank)));
  return (method, path) => {
    for (const { route, method: own, expression, parameters } of patterns) {
      if (own !== method && own !== 'ANY') continue;
      const match = expression.exec(path);
      if (!match) continue;
      return {
        route,
        parameters: Object.fromEntries(parameters.map((name, index) => [name, decode(match[index + 1]!)])),
      };
    }
    return fallback && { route: fallback, parameters: {} };
  };
}

function readAuthorizer({ id, properties }: Resource): Authorizer {
  const [, functionArn] = /functions\/(.+)\/invocations$/.exec(String(properties.AuthorizerUri)) ?? [];
  return {
    id,
    functionArn: functionArn!,
    identityHeaders: (properties.IdentitySource as string[]).map(source =>
      source.replace('$request.header.', '').toLowerCase(),
    ),
    cacheSeconds: Number(properties.AuthorizerResultTtlInSeconds ?? 0),
  };
}

type Settings = Readonly<Record<string, unknown>>;

interface StageSettings {
  readonly DefaultRouteSettings?: Settings;
  readonly RouteSettings?: Readonly<Record<string, Settings>>;
}

function readThrottle(settings: Settings | undefined): Throttle | undefined {
  if (!settings?.ThrottlingRateLimit) return undefined;
  return { rate: Number(settings.ThrottlingRateLimit), burst: Number(settings.ThrottlingBurstLimit) };
}

function compile(route: Route) {
  const [method = '', path = ''] = route.key.split(' ');
  const parameters: string[] = [];
  const source = path.replaceAll('.', '\\.').replace(/\{([^}+]+)(\+?)\}/g, (_, name: string, greedy: string) => {
    parameters.push(name);
    return greedy ? '(.+)' : '([^/]+)';
  });
  const expression = new RegExp(`^${source}$`);
  return { route, method, parameters, expression, rank: rank(method, path) };
}

/** Sorts the more specific route first: a digit for each segment, and one for the method. */
function rank(method: string, path: string): string {
  const segments = path.split('/').slice(1);
  const ranks = segments.map(segment => (!segment.startsWith('{') ? 0 : segment.endsWith('+}') ? 2 : 1));
  return [...ranks, method === 'ANY' ? 1 : 0].join('');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
