/** CORS configuration of an API, as the template gives it. */
export interface CorsConfiguration {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly AllowCredentials?: boolean;
  readonly MaxAge?: number;
}

type Headers = Record<string, string>;

/** Headers that an answer to this origin gets; none when the origin is not allowed. */
export function corsHeaders(
  { AllowOrigins = [], ExposeHeaders = [], AllowCredentials = false }: CorsConfiguration,
  origin: string | undefined,
): Headers {
  if (!origin || !AllowOrigins.some(allowed => allowed === '*' || allowed === origin)) return {};
  return {
    'access-control-allow-origin': AllowOrigins.includes('*') ? '*' : origin,
    ...(AllowCredentials && { 'access-control-allow-credentials': 'true' }),
    ...(ExposeHeaders.length > 0 && { 'access-control-expose-headers': ExposeHeaders.join(',') }),
  };
}

/** Headers of the answer to a preflight request, on top of {@link corsHeaders}. */
export function preflightHeaders({ AllowMethods = [], AllowHeaders = [], MaxAge }: CorsConfiguration): Headers {
  return {
    'access-control-allow-methods': AllowMethods.join(','),
    'access-control-allow-headers': AllowHeaders.join(','),
    ...(MaxAge !== undefined && { 'access-control-max-age': String(MaxAge) }),
  };
}
