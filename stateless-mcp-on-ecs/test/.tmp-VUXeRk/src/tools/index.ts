import { countdown } from './countdown.ts';
import { ping } from './ping.ts';
import type { Tool } from './tool.ts';

/** Every tool of this server. A new tool is one file and one entry here. */
export const tools: readonly Tool[] = [ping, countdown];
