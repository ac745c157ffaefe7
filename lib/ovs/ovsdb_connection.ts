/** A connection to the database. */
export interface OvsdbConnection {
  /** Bytes read into the buffer; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Bytes written. Where the database does not read it may never settle, not even once it is closed. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends it: what reads then fails. */
  close(): void;
}
