import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Thrown when another program listens on the port. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(port: number, options?: ErrorOptions) {
    super(`Port ${port} on 127.0.0.1 is in use by another program; choose another port or end that program`, options);
  }
}

/**
 * Lets a server listen on loopback.
 *
 * @param port 0: any free one
 * @returns `http://127.0.0.1:<port>`
 * @throws {PortInUseError}
 */
export async function listen(server: Server, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, { cause: error }) : error),
  );
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Takes no more requests, gives those under way a moment, and ends the connections. */
export async function close(server: Server, patienceMs = 1_000): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), patienceMs);
  await promise;
  clearTimeout(timer);
}
