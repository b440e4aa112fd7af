import type { Authorizer } from './routes.ts';

/** The caller's context where the authorizer let it in; otherwise how API Gateway refuses. */
export type Authorization =
  | { readonly allowed: true; readonly context: Readonly<Record<string, unknown>> }
  | { readonly allowed: false; readonly status: 401 | 403 | 500 };

interface SimpleResponse {
  readonly isAuthorized?: boolean;
  readonly context?: Readonly<Record<string, unknown>>;
}

interface Remembered {
  readonly authorization: Authorization;
  /** Milliseconds of the monotonic clock. */
  readonly until: number;
}

/** Asks authorizer functions (simple responses), and remembers what they said for as long as they allow. */
export class Gatekeeper {
  readonly #remembered = new Map<string, Remembered>();
  readonly #invoke: (functionArn: string, payload: object) => Promise<unknown>;

  constructor(invoke: (functionArn: string, payload: object) => Promise<unknown>) {
    this.#invoke = invoke;
  }

  /** Answers 401 when an identity header is missing, without asking the function. */
  async authorize(
    authorizer: Authorizer,
    headers: NodeJS.Dict<string | string[]>,
    event: object,
  ): Promise<Authorization> {
    const identitySource = authorizer.identityHeaders.map(name => String(headers[name] ?? ''));
    if (identitySource.includes('')) return { allowed: false, status: 401 };
    const key = JSON.stringify([authorizer.id, ...identitySource]);
    const remembered = this.#remembered.get(key);
    if (remembered && remembered.until > performance.now()) return remembered.authorization;
    const authorization = await this.#ask(authorizer, { ...event, type: 'REQUEST', identitySource });
    // A failure of the function is not an answer to remember.
    if (authorization.allowed || authorization.status === 403)
      this.#remember(key, authorization, authorizer.cacheSeconds);
    return authorization;
  }

  async #ask({ functionArn }: Authorizer, event: object): Promise<Authorization> {
    try {
      const { isAuthorized, context = {} } = (await this.#invoke(functionArn, event)) as SimpleResponse;
      return isAuthorized === true ? { allowed: true, context } : { allowed: false, status: 403 };
    } catch {
      // The function's own log has the reason; the caller is told nothing.
      return { allowed: false, status: 500 };
    }
  }

  #remember(key: string, authorization: Authorization, seconds: number): void {
    if (seconds <= 0) return;
    if (this.#remembered.size >= 10_000) this.#remembered.clear();
    this.#remembered.set(key, { authorization, until: performance.now() + seconds * 1_000 });
  }
}
