import type { GuestOptions } from "./guest_xml.ts";

/** What a vCPU runs: `cli; hlt; jmp` sleeps for good, `jmp $` keeps its vCPU busy. */
const HALT = [0xfa, 0xf4, 0xeb, 0xfd];
const SPIN = [0xeb, 0xfe];
/** Fills the segments 0x1000 to 0x8fff with a number, then with the next one, for good. */
// deno-fmt-ignore
const WRITE = [
  0xfc,                   // cld
  0x42,                   // next: inc dx
  0xbb, 0x00, 0x10,       // mov bx, 0x1000
  0x8e, 0xc3,             // segment: mov es, bx
  0x31, 0xff,             // xor di, di
  0xb9, 0x00, 0x80,       // mov cx, 0x8000
  0x89, 0xd0,             // mov ax, dx
  0xf3, 0xab,             // rep stosw
  0x81, 0xc3, 0x00, 0x10, // add bx, 0x1000
  0x81, 0xfb, 0x00, 0x90, // cmp bx, 0x9000
  0x72, 0xeb,             // jb segment
  0xeb, 0xe4,             // jmp next
];

/** Tells the device pvpanic of a panic (QEMU's docs/specs/pvpanic: bit 0 of its port), then sleeps. */
// deno-fmt-ignore
const PANIC = [
  0xba, 0x05, 0x05,       // mov dx, 0x505
  0xb0, 0x01,             // mov al, 1
  0xee,                   // out dx, al
  ...HALT,
];
const CODES = { writing: WRITE, panicking: PANIC } as const;

/** The smallest firmware QEMU takes, and where a vCPU's first instruction is in it. */
const FIRMWARE_BYTES = 64 * 1024;
const RESET_VECTOR = FIRMWARE_BYTES - 16;
/** Where the code is that the first instruction jumps to (`jmp rel16`, 3 bytes). */
const FIRMWARE_CODE = FIRMWARE_BYTES - 256;
const FIRMWARE_JUMP = [0xe9, FIRMWARE_CODE - RESET_VECTOR - 3 & 0xff, 0xff];

/** What a guest boots: from its disk where it has a BIOS, else the firmware in the BIOS's place. */
export interface GuestCode {
  readonly bootSector: Uint8Array;
  readonly firmware: Uint8Array;
}

/** The code of a guest that sleeps, spins, writes or panics. */
export function guestCode(busy: GuestOptions["busy"]): GuestCode {
  const code = typeof busy === "string" ? CODES[busy] : busy ? SPIN : HALT;
  const bootSector = new Uint8Array(512);
  bootSector.set(code);
  bootSector.set([0x55, 0xaa], 510);
  const firmware = new Uint8Array(FIRMWARE_BYTES);
  firmware.set(code, FIRMWARE_CODE);
  firmware.set(FIRMWARE_JUMP, RESET_VECTOR);
  return { bootSector, firmware };
}
