import type {
  Dashboard as Model,
  MappingType,
  Panel as PanelModel,
  ThresholdsMode,
  VariableModel,
} from "@grafana/schema";
import type { Dashboard, Meaning, Panel, Query, Step, Variable } from "./dashboards/dashboard.ts";
import { columnOverrides, linkModel, refIdOf, transformations } from "./grafana_table.ts";

/** What every dashboard of ours is tagged with; the links between them go by it. */
const TAG = "openstack-instance-exporter";

/** Grafana 11 writes it; later ones convert it by themselves. */
const SCHEMA_VERSION = 39;

const COLUMNS = 24;
const HEIGHT = { stat: 4, series: 8, table: 9, timeline: 5 } as const;
/** What Grafana asks of a row beyond other panels: its panels stand below it. */
const OPEN_ROW = { collapsed: false, panels: [] };
const DATASOURCE = { type: "prometheus", uid: "${datasource}" };

// VariableRefresh, VariableHide and VariableSort of Grafana's schema.
const ON_TIME_RANGE = 2;
const SHOWN = 0;
const ALPHABETICAL = 1;

/** A dashboard as Grafana stores it. */
export function grafanaJson(dashboard: Dashboard): string {
  return `${JSON.stringify(modelOf(dashboard), undefined, 2)}\n`;
}

function modelOf({ uid, title, description, variables, rows }: Dashboard): Model {
  return {
    uid,
    title,
    description,
    tags: [TAG],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    timezone: "browser",
    annotations: { list: [] },
    links: [{
      type: "dashboards",
      title: "OpenStack instances",
      tags: [TAG],
      asDropdown: true,
      includeVars: true,
      keepTime: true,
      targetBlank: false,
      icon: "external link",
      tooltip: "",
      url: "",
    }],
    templating: { list: [datasourceVariable(), ...variables.map(variableModel)] },
    panels: layOut(rows),
  };
}

/** Panels from left to right, each row of the source under a title of its own. */
function layOut(rows: Dashboard["rows"]): PanelModel[] {
  const panels: PanelModel[] = [];
  let y = 0;
  const place = (model: Omit<PanelModel, "id" | "gridPos">, x: number, w: number, h: number) =>
    panels.push({ id: panels.length + 1, ...model, gridPos: { x, y, w, h } });
  for (const { title, panels: sources } of rows) {
    place({ type: "row", title, ...OPEN_ROW }, 0, COLUMNS, 1);
    y++;
    let x = 0;
    let tallest = 0;
    for (const panel of sources) {
      if (x + panel.width > COLUMNS) {
        y += tallest;
        [x, tallest] = [0, 0];
      }
      place(panelModel(panel), x, panel.width, HEIGHT[panel.kind]);
      x += panel.width;
      tallest = Math.max(tallest, HEIGHT[panel.kind]);
    }
    y += tallest;
  }
  return panels;
}

function panelModel(panel: Panel): Omit<PanelModel, "id" | "gridPos"> {
  const { kind, title, description, queries, unit = "short", links = [] } = panel;
  const isTable = kind === "table";
  return {
    type: TYPES[kind],
    title,
    ...description === undefined ? {} : { description },
    datasource: DATASOURCE,
    targets: queries.map((query, at) => target(query, at, kind)),
    fieldConfig: {
      defaults: {
        ...typeof unit === "string" ? { unit } : {},
        ...isTable ? {} : { links: links.map(linkModel) },
        ...isTable ? {} : { thresholds: thresholds(panel.steps ?? PLAIN) },
        ...panel.meanings === undefined ? {} : { mappings: [mapping(panel.meanings)] },
        custom: CUSTOM[kind]?.(panel) ?? {},
      },
      overrides: isTable ? columnOverrides(panel) : [],
    },
    options: OPTIONS[kind],
    ...isTable ? { transformations: transformations(panel) } : {},
  };
}

/** A number is blue where no value of it is better than another. */
const PLAIN: readonly Step[] = [[0, "blue"]];

/** Grafana's names of the kinds. */
const TYPES: Readonly<Record<Panel["kind"], string>> = {
  stat: "stat",
  series: "timeseries",
  table: "table",
  timeline: "state-timeline",
};

const CUSTOM: Partial<Record<Panel["kind"], (panel: Panel) => Record<string, unknown>>> = {
  series: customOf,
  timeline: () => ({ lineWidth: 0, fillOpacity: 70 }),
};

const OPTIONS: Readonly<Record<Panel["kind"], Record<string, unknown>>> = {
  stat: {
    colorMode: "value",
    graphMode: "area",
    justifyMode: "auto",
    textMode: "value",
    reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
  },
  series: {
    legend: { displayMode: "list", placement: "bottom", showLegend: true },
    tooltip: { mode: "multi", sort: "desc" },
  },
  table: { showHeader: true },
  timeline: {
    showValue: "auto",
    mergeValues: true,
    alignValue: "left",
    rowHeight: 0.9,
    legend: { displayMode: "list", placement: "bottom", showLegend: false },
    tooltip: { mode: "single", sort: "none" },
  },
};

function customOf({ isStacked, steps }: Panel): Record<string, unknown> {
  return {
    drawStyle: "line",
    lineWidth: 1,
    fillOpacity: isStacked ? 30 : 5,
    showPoints: "never",
    stacking: { mode: isStacked ? "normal" : "none" },
    ...steps === undefined ? {} : { thresholdsStyle: { mode: "line" } },
  };
}

function thresholds(steps: readonly Step[]) {
  return {
    mode: "absolute" as ThresholdsMode,
    steps: steps.map(([value, color], at) => ({ value: at === 0 ? null : value, color })),
  };
}

/** The meanings of numbers, as Grafana maps values to texts. */
function mapping(meanings: readonly Meaning[]) {
  return {
    type: "value" as MappingType.ValueToText,
    options: Object.fromEntries(
      meanings.map(([text, color], index) => [index, { text, color, index }]),
    ),
  };
}

function target({ expr, legend }: Query, at: number, kind: Panel["kind"]) {
  return {
    refId: refIdOf(at),
    datasource: DATASOURCE,
    expr,
    legendFormat: legend,
    ...kind === "table" ? { instant: true, range: false, format: "table" } : {},
  };
}

function datasourceVariable(): VariableModel {
  return {
    type: "datasource",
    name: "datasource",
    label: "Data source",
    query: "prometheus",
    hide: SHOWN,
    refresh: 1,
    multi: false,
    includeAll: false,
  };
}

function variableModel({ name, label, query, regex = "", isMulti }: Variable): VariableModel {
  return {
    type: "query",
    name,
    label,
    datasource: DATASOURCE,
    query: { query, refId: `variable-${name}` },
    regex,
    refresh: ON_TIME_RANGE,
    sort: ALPHABETICAL,
    hide: SHOWN,
    multi: isMulti,
    includeAll: isMulti,
    ...isMulti ? { allValue: ".*", current: { text: "All", value: "$__all" } } : {},
  };
}
