import type { Panel } from "../../scripts/monitoring/dashboards/dashboard.ts";
import { type Choice, interpolate } from "./grafana_queries.ts";
import type { PrometheusServer, Series } from "./prometheus_server.ts";

/** What a panel shows under a choice of the variables. */
export interface PanelAnswers {
  readonly choice: Choice;
  /** The series of each query, in order. */
  readonly answers: readonly (readonly Series[])[];
  /** Queries that no series answers. */
  readonly unanswered: readonly string[];
}

/**
 * Asks a panel's queries under each choice as Grafana does, lines over the last `rangeSeconds`. The
 * choice that leaves the fewest of them without an answer counts, of equal ones the first.
 */
export async function answersOf(
  panel: Panel,
  choices: readonly Choice[],
  prometheus: PrometheusServer,
  rangeSeconds: number,
): Promise<PanelAnswers> {
  const shown = await Promise.all(choices.map(async (choice) => {
    const expressions = panel.queries.map(({ expr }) => interpolate(expr, choice));
    const answers = await Promise.all(
      expressions.map((expression) =>
        panel.kind === "series" || panel.kind === "timeline"
          ? prometheus.queryRange(expression, rangeSeconds)
          : prometheus.query(expression)
      ),
    );
    const unanswered = expressions.filter((_, at) => answers[at]?.length === 0);
    return { choice, answers, unanswered };
  }));
  return shown.reduce((best, next) =>
    next.unanswered.length < best.unanswered.length ? next : best
  );
}
