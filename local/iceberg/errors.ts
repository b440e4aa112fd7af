/** Thrown when no table lies at a location. */
export class TableNotFoundError extends Error {
  override readonly name = 'TableNotFoundError';

  constructor(location: string, options?: ErrorOptions) {
    super(`Cannot load the table at "${location}": no Iceberg metadata there`, options);
  }
}

/** Thrown when a table is to be created where one lies already. */
export class TableExistsError extends Error {
  override readonly name = 'TableExistsError';

  constructor(location: string, options?: ErrorOptions) {
    super(`Cannot create a table at "${location}": Iceberg metadata lies there already`, options);
  }
}

/** Thrown when another commit came first; nothing was changed. Load the table anew and decide again. */
export class CommitConflictError extends Error {
  override readonly name = 'CommitConflictError';

  constructor(location: string, version: number, options?: ErrorOptions) {
    super(`Cannot commit version ${version + 1} of "${location}": version ${version} is no longer the latest`, options);
  }
}

/** Thrown when a snapshot is asked for that the table never had, or that has expired. */
export class SnapshotNotFoundError extends Error {
  override readonly name = 'SnapshotNotFoundError';
}

/** Thrown when a type, a partitioning or a schema change is not one that a table can have. */
export class InvalidSchemaError extends Error {
  override readonly name = 'InvalidSchemaError';
}

/** Thrown when a data file does not fit its table: an unknown partition, a path that is not live, a bound without a type. */
export class InvalidDataFileError extends Error {
  override readonly name = 'InvalidDataFileError';
}
