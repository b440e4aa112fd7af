/** The parts of dynalite that are called in process, without its HTTP server. */
declare module 'dynalite/db/index.js' {
  export interface DynaliteStore {
    readonly db: {
      open(): Promise<void>;
      close(): Promise<void>;
      iterator(options: { gte: string; lt: string }): AsyncIterable<[string, Record<string, unknown>]>;
    };
    readonly tableDb: {
      awsAccountId: string;
      awsRegion: string;
      put(name: string, table: object, done: (error: unknown) => void): void;
    };
  }

  const db: {
    create(options: {
      path?: string;
      createTableMs: number;
      deleteTableMs: number;
      updateTableMs: number;
    }): DynaliteStore;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    checkTypes(data: object, types: object): object;
    checkValidations(data: object, types: object, custom: unknown, store: unknown): void;
  };
  export default validations;
}
