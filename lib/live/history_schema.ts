import { known, list, number, object, text, type ValueOf } from "./schema.ts";
import { SUMS } from "./sums.ts";

const UNKNOWN = "null where it is not known";

/** What is remembered of an instance: CPU, and what is added up of its devices. */
const SERIES = { cpu_percent: known("Use of all its vCPUs, 0 to 100"), ...SUMS } as const;

/** Names of what is remembered, in the order in which it is kept. */
export const CHANNELS = Object.keys(SERIES) as readonly Channel[];

export type Channel = keyof typeof SERIES;

const series = <Name extends Channel>(name: Name) =>
  list(SERIES[name], `${SERIES[name].schema.description}; ${UNKNOWN}`);

const FRAME = {
  schema: number("Version of this description: 1"),
  step_seconds: number("Time from one point to the next; a point is the mean of its cycles"),
  ended_at: number("When the newest point's time began, in seconds since 1970"),
} as const;

/** The answer of `/api/v1/instances/UUID/history`. */
export const INSTANCE_HISTORY = object({
  ...FRAME,
  uuid: text("UUID of the instance"),
  series: object(
    Object.fromEntries(CHANNELS.map((name) => [name, series(name)])) as {
      readonly [Name in Channel]: ReturnType<typeof series>;
    },
    "One list for each value, oldest point first, all of one length; values within 0.2 %",
  ),
});

/** What the table of the live page draws beside the newest value: sums of channels. */
export const SPARKS = {
  cpu_percent: ["cpu_percent"],
  disk_bytes_per_second: ["read_bytes_per_second", "write_bytes_per_second"],
  network_bits_per_second: ["rx_bits_per_second", "tx_bits_per_second"],
} as const satisfies Readonly<Record<string, readonly Channel[]>>;

export type SparkName = keyof typeof SPARKS;

export const SPARK_NAMES = Object.keys(SPARKS) as readonly SparkName[];

/** The answer of `/api/v1/history`: the newest points of every instance, for small pictures. */
export const NODE_HISTORY = object({
  ...FRAME,
  instances: list(
    object({
      uuid: text("UUID of the instance"),
      cpu_percent: list(known("Use of all its vCPUs"), `Percent; ${UNKNOWN}`),
      disk_bytes_per_second: list(
        known("Bytes read and written a second"),
        `Its disks together; ${UNKNOWN}`,
      ),
      network_bits_per_second: list(
        known("Bits received and sent a second"),
        `Its vNICs together; ${UNKNOWN}`,
      ),
    }),
    "Every instance; lists have at most 60 points, oldest first, and fewer where nothing is older",
  ),
});

export type InstanceHistory = ValueOf<typeof INSTANCE_HISTORY>;
export type NodeHistory = ValueOf<typeof NODE_HISTORY>;
