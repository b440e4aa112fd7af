/** What a window cost in US dollars, roughly, at the prices of us-east-1. */
export interface CostEstimate {
  /** Answering and logging its predictions. */
  readonly predictions: number;
  /** Making this report. */
  readonly report: number;
}

/** A prediction that is asked for alone and logged: HTTP API, Lambda, DynamoDB write, log line. One of many in a request costs less. */
const predictionPrice = 2.2 / 1e6;
/** Athena's minimum of 10 MB a statement, at $5 a TB. */
const statementPrice = (10 / 1024 ** 2) * 5;

/** Estimates what a window cost. @param statements that were run for its report */
export function estimateCost({ predictions, statements }: { predictions: number; statements: number }): CostEstimate {
  return { predictions: predictions * predictionPrice, report: statements * statementPrice };
}
