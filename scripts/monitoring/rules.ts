/** Whether somebody is woken, asked to look soon, or told. */
export type Severity = "critical" | "warning" | "info";

/** A rule that keeps what an expression says under a name, `level:metric:operation`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A rule that calls somebody. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression must hold, such as `5m`. */
  readonly for: string;
  readonly severity: Severity;
  readonly labels?: Readonly<Record<string, string>>;
  /** What is wrong where, in one line; Go's templates. */
  readonly summary: string;
  /** What it means, in a sentence or two; Go's templates. */
  readonly description: string;
}

/** Rules that Prometheus evaluates one after the other, at one moment. */
export interface RuleGroup<Rule extends RecordingRule | AlertRule> {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** Matcher of the job that scrapes the exporters; the example configuration names it so. */
export const JOB = 'job="openstack_instances"';

/** Labels that the scrape adds to every series; `hypervisor` by the example's relabelling. */
export const TARGET_LABELS: readonly string[] = ["hypervisor", "instance", "job"];
