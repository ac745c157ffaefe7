/** The part of JSON Schema (2020-12) that the API is described with. */
export interface JsonSchema {
  readonly type: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: JsonSchema;
}

declare const valueType: unique symbol;

/** The description of one value; the type remembers what such a value is in TypeScript. */
export interface Field<T> {
  readonly schema: JsonSchema;
  /** Only the compiler knows it. */
  readonly [valueType]?: T;
}

/** The TypeScript type of what a field describes. */
export type ValueOf<F> = F extends Field<infer T> ? T : never;

type Fields = Readonly<Record<string, Field<unknown>>>;

/** Text, which may be any tenant's. */
export function text(description: string): Field<string> {
  return { schema: { type: "string", description } };
}

/** One of some words. */
export function word<const Word extends string>(
  words: readonly Word[],
  description: string,
): Field<Word> {
  return { schema: { type: "string", description, enum: words } };
}

/** A number that is always known; the description has the unit. */
export function number(description: string): Field<number> {
  return { schema: { type: "number", description } };
}

/** A number that is null where it is not known: never a made-up zero. */
export function known(description: string): Field<number | null> {
  return { schema: { type: ["number", "null"], description } };
}

/** A yes or no. */
export function flag(description: string): Field<boolean> {
  return { schema: { type: "boolean", description } };
}

/** Any number of values of one kind. */
export function list<T>(items: Field<T>, description: string): Field<readonly T[]> {
  return { schema: { type: "array", description, items: items.schema } };
}

/** A value with exactly these fields. */
export function object<F extends Fields>(
  fields: F,
  description?: string,
): Field<{ readonly [Key in keyof F]: ValueOf<F[Key]> }> {
  const entries = Object.entries(fields).map(([name, { schema }]) => [name, schema] as const);
  return {
    schema: {
      type: "object",
      ...description !== undefined && { description },
      properties: Object.fromEntries(entries),
      required: Object.keys(fields),
      additionalProperties: false,
    },
  };
}

/** The same value, or null where there is none. */
export function orNull<T>({ schema }: Field<T>): Field<T | null> {
  return { schema: { ...schema, type: [schema.type, "null"].flat() } };
}
