import type { Field, JsonSchema } from "./schema.ts";

/**
 * Says where a value differs from its description, as its path; undefined where it does not. Fields and
 * words that the description does not know are allowed: a newer exporter may have them.
 */
export function mismatchOf<T>(field: Field<T>, value: unknown): string | undefined {
  return mismatch(field.schema, value, "");
}

function mismatch(schema: JsonSchema, value: unknown, path: string): string | undefined {
  if (![schema.type].flat().includes(typeName(value))) return path || "the whole";
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return undefined;
    return first(value, (each, at) => mismatch(items, each, `${path}[${at}]`));
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = Object.entries(schema.properties ?? {});
  return first(fields, ([name, field]) => {
    const below = path === "" ? name : `${path}.${name}`;
    if (!Object.hasOwn(value, name)) return below;
    return mismatch(field, (value as Record<string, unknown>)[name], below);
  });
}

function first<T>(
  values: readonly T[],
  find: (value: T, at: number) => string | undefined,
): string | undefined {
  for (const [at, value] of values.entries()) {
    const found = find(value, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
