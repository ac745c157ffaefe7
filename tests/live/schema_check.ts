import assert from "node:assert/strict";
import type { JsonSchema } from "../../lib/live/schema.ts";

/**
 * Holds a value against its description: exactly the fields that it has, each of its type. Returns the
 * paths of all fields that had a value that is not null.
 */
export function checkAgainst(schema: JsonSchema, value: unknown, path = ""): Set<string> {
  const types = [schema.type].flat();
  assert.ok(types.includes(typeName(value)), `${path} is ${typeName(value)}, not ${types}`);
  if (schema.enum) assert.ok(schema.enum.includes(String(value)), `${path} is ${value}`);
  const seen = new Set<string>(value === null || path === "" ? [] : [path]);
  const collect = (field: JsonSchema, each: unknown, at: string) => {
    for (const found of checkAgainst(field, each, at)) seen.add(found);
  };
  if (Array.isArray(value)) {
    assert.ok(schema.items, `${path} has no description of its items`);
    for (const each of value) collect(schema.items, each, `${path}[]`);
  } else if (typeof value === "object" && value !== null) {
    const { properties = {} } = schema;
    assert.deepEqual(Object.keys(value).sort(), Object.keys(properties).sort(), path);
    assert.deepEqual(schema.required, Object.keys(properties), path);
    for (const [name, each] of Object.entries(value)) {
      collect(properties[name]!, each, path === "" ? name : `${path}.${name}`);
    }
  }
  return seen;
}

/** The paths of all fields of a description. */
export function pathsOf(schema: JsonSchema, path = ""): string[] {
  const own = path === "" ? [] : [path];
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    pathsOf(field, path === "" ? name : `${path}.${name}`)
  );
  return [...own, ...below, ...schema.items ? pathsOf(schema.items, `${path}[]`) : []];
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
