declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB in this process. `createTableMs` is how long a new table takes to be ready. */
  export default function dynalite(options?: { createTableMs?: number }): Server;
}
