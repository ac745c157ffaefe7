import assert from "node:assert/strict";
import { TypedParameter, TypedParameterType as Type } from "../../ffi/libvirt_layout.ts";

/** A parameter to lay out in memory; a text becomes an address that {@link readText} knows. */
export type Param = readonly [name: string, type: keyof typeof Type, value: bigint | string];

const texts = ["", "vda", "vdb", "tap0"];

/** The text at an address of {@link layOut}. */
export function readText(address: bigint): string {
  return texts[Number(address)] ?? assert.fail(`address ${address}`);
}

/** Parameters one after the other, as C lays them out. */
export function layOut(params: readonly Param[]): ArrayBuffer {
  const memory = new ArrayBuffer(params.length * TypedParameter.size);
  params.forEach(([name, type, value], i) => {
    const at = i * TypedParameter.size;
    new Uint8Array(memory, at, TypedParameter.fieldLength).set(new TextEncoder().encode(name));
    const view = new DataView(memory, at);
    view.setInt32(TypedParameter.type, Type[type], true);
    const bits = typeof value === "string" ? BigInt(texts.indexOf(value)) : value;
    view.setBigUint64(TypedParameter.value, BigInt.asUintN(64, bits), true);
  });
  return memory;
}
