import { INSTANCE_HISTORY, NODE_HISTORY } from "../../lib/live/history_schema.ts";
import { NODE } from "../../lib/live/node_schema.ts";
import type { JsonSchema } from "../../lib/live/schema.ts";

interface ApiDocument {
  readonly path: string;
  readonly file: string;
  readonly schema: JsonSchema;
}

/** What the API answers with, and where its description is kept. */
export const API_DOCUMENTS: readonly ApiDocument[] = [
  { path: "/api/v1/node", file: "node.schema.json", schema: NODE.schema },
  {
    path: "/api/v1/instances/UUID/history",
    file: "instance_history.schema.json",
    schema: INSTANCE_HISTORY.schema,
  },
  { path: "/api/v1/history", file: "history.schema.json", schema: NODE_HISTORY.schema },
];

/** The schemas as files, by path. */
export function apiSchemas(): Readonly<Record<string, () => string>> {
  return Object.fromEntries(
    API_DOCUMENTS.map(({ path, file, schema }) => [
      `packaging/docs/api/${file}`,
      () => {
        const draft = "https://json-schema.org/draft/2020-12/schema";
        return `${JSON.stringify({ $schema: draft, title: path, ...schema }, undefined, 2)}\n`;
      },
    ]),
  );
}

/** Every field as a table for each answer. */
export function apiMarkdown(): string {
  return API_DOCUMENTS.map(({ path, file, schema }) => {
    const rows = [...fields(schema)].map(([name, type, description]) =>
      `| \`${name}\` | ${type} | ${description} |\n`
    );
    return `### \`${path}\`

[JSON Schema](api/${file})

| field | type | meaning |
|---|---|---|
${rows.join("")}`;
  }).join("\n");
}

/** Each field below a schema: its path, type and meaning. */
function* fields(schema: JsonSchema, prefix = ""): Generator<readonly [string, string, string]> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const path = `${prefix}${name}`;
    const words = field.enum ?? field.items?.enum;
    const description = `${field.description ?? ""}${words ? ` (${words.join(", ")})` : ""}`;
    yield [path, typeOf(field), description];
    yield* fields(field, `${path}.`);
    if (field.items) yield* fields(field.items, `${path}[].`);
  }
}

function typeOf({ type, items }: JsonSchema): string {
  const own = [type].flat().join(" or ");
  return items?.type === undefined ? own : `${own} of ${[items.type].flat().join(" or ")}`;
}
