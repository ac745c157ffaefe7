import { expressionByConvention, textByConvention } from "./convention_rewrite.ts";
import type { Dashboard, Panel, Variable } from "./dashboards/dashboard.ts";

/** What sets a dashboard's uid apart from that of the specification's names. */
const SUFFIX = "-prometheus-names";

/** The same dashboard over the names by convention, with links to others of its set. */
export function dashboardByConvention(dashboard: Dashboard): Dashboard {
  return {
    ...dashboard,
    uid: dashboard.uid + SUFFIX,
    title: `${dashboard.title} (names by convention)`,
    variables: dashboard.variables.map(variableByConvention),
    rows: dashboard.rows.map(({ title, panels }) => ({
      title,
      panels: panels.map(panelByConvention),
    })),
  };
}

function panelByConvention(panel: Panel): Panel {
  const { queries, description, links } = panel;
  return {
    ...panel,
    ...description === undefined ? {} : { description: textByConvention(description) },
    queries: queries.map(({ expr, legend }) => ({ expr: expressionByConvention(expr), legend })),
    ...links && {
      links: links.map((link) => ({
        ...link,
        url: link.url.replace(/^\/d\/[\w-]+/, (path) => path + SUFFIX),
      })),
    },
  };
}

/** Grafana's own function stands around the expression. */
function variableByConvention(variable: Variable): Variable {
  const query = variable.query.replace(
    /^(query_result\(|label_values\()(.*?)(\)|, \w+\))$/,
    (_, before: string, expr: string, after: string) =>
      before + expressionByConvention(expr) + after,
  );
  return { ...variable, query };
}
