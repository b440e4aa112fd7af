/** Figures that are charted and that alarms may watch. */
export interface Metrics {
  /** Puts figures of one instant, all under the same dimensions. */
  put(dimensions: Readonly<Record<string, string>>, figures: Readonly<Record<string, number>>, at: Date): void;
}

/**
 * Connects to CloudWatch metrics by way of the log: a line in the embedded metric format is a metric without a call.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function connectMetrics(namespace: string): Metrics {
  return {
    put(dimensions, figures, at) {
      const Metrics = Object.keys(figures).map(Name => ({ Name }));
      const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics }];
      const line = { _aws: { Timestamp: at.getTime(), CloudWatchMetrics }, ...dimensions, ...figures };
      // Not by the console, which Lambda would wrap into a line of its own.
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
  };
}
