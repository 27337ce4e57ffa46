import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import fetchCookie from 'fetch-cookie';
import * as z from 'zod';
import { listenStreamId, parseEventId } from '../src/sessions/ids.ts';
import type { SoakReport } from './soak-report.ts';

const CALL_TIMEOUT_MS = 45_000;
const PAUSE_MS = 400;
const MAX_TRIES = 5;
const RETRY_AFTER_MS = 2000;

const result = z.object({
  isError: z.boolean().optional(),
  content: z.array(z.object({ text: z.string() })),
  structuredContent: z
    .object({
      id: z.string().default(''),
      cleared: z.number().default(0),
      notes: z.array(z.object({ text: z.string() })).default([]),
    })
    .optional(),
});

/** One client with its session, for as long as the soak lasts: it calls, and checks what it gets. */
export async function runSession(
  name: string,
  url: URL,
  keepsCookies: boolean,
  end: number,
  report: SoakReport,
): Promise<void> {
  const jar = keepsCookies ? fetchCookie(fetch) : fetch;
  /** What each request id was for, and the call that is under way. */
  const tools = new Map<unknown, string>();
  let underWay = 'connect';
  let wasInterrupted = false;
  async function observedFetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
    const { id } = JSON.parse(String(init.body ?? '{}'));
    if (id !== undefined) tools.set(id, underWay);
    const eventId = parseEventId(new Headers(init.headers).get('last-event-id') ?? '');
    // Any other stream than that of the session itself is the call's.
    if (eventId && eventId.streamId !== listenStreamId(sessionId())) wasInterrupted = true;
    const response = await jar(input, init);
    if (response.status === 404) report.count(underWay, 'notFound');
    return response;
  }
  let transport = new StreamableHTTPClientTransport(url, { fetch: observedFetch });
  const sessionId = () => transport.sessionId ?? '';
  const client = new Client({ name, version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, async () => {
    await sleep(Math.random() * 500);
    return { action: 'accept', content: { confirm: true } };
  });
  client.onerror = ({ message }) => {
    // A second answer to a request finds nobody who waits for it.
    const [, answer] = /unknown message ID: (.*)$/s.exec(message) ?? [];
    if (answer === undefined) return;
    const { id } = JSON.parse(answer);
    report.count(tools.get(id) ?? 'unknown', 'duplicates');
  };
  let updates = 0;
  client.fallbackNotificationHandler = async () => {
    updates += 1;
  };
  await connect();
  await call('resources/subscribe', true, () =>
    client.subscribeResource({ uri: 'notes://session' }),
  );

  /** Notes that must be there, and those whose call had an unknown outcome. */
  const sure = new Set<string>();
  const maybe = new Set<string>();
  let added = 0;
  while (Date.now() < end) {
    const dice = Math.random();
    if (dice < 0.4) await tool('ping');
    else if (dice < 0.7) await countdown();
    else if (dice < 0.92) await addNote();
    else await clearNotes();
    await sleep(Math.random() * PAUSE_MS);
  }
  await compareNotes();
  if (added > 0 && updates === 0) report.missedUpdates += 1;
  await client.close();

  /** A session that could not be opened is opened again, as Retry-After asks. */
  async function connect(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        // `as`: the SDK's own types do not agree under exactOptionalPropertyTypes.
        return await client.connect(transport as Parameters<Client['connect']>[0]);
      } catch (error) {
        if (tries === MAX_TRIES) throw error;
        await client.close();
        await sleep(RETRY_AFTER_MS);
        transport = new StreamableHTTPClientTransport(url, { fetch: observedFetch });
      }
    }
  }

  async function countdown(): Promise<void> {
    let last = 0;
    await tool('countdown', { seconds: 1 + Math.floor(Math.random() * 3) }, (progress) => {
      if (progress <= last) report.progressBack += 1;
      last = progress;
    });
  }

  async function addNote(): Promise<void> {
    added += 1;
    const text = `${name} ${added}`;
    maybe.add(text);
    const answer = await tool('add-note', { text }, undefined, false);
    if (!answer) return;
    maybe.delete(text);
    sure.add(text);
    if (added % 5 === 0) await compareNotes();
  }

  async function clearNotes(): Promise<void> {
    if (!(await tool('clear-notes'))) return;
    sure.clear();
    maybe.clear();
  }

  async function compareNotes(): Promise<void> {
    const answer = await tool('list-notes');
    const texts = (answer?.notes ?? []).map(({ text }) => text);
    for (const text of sure) if (!texts.includes(text)) report.lostNotes += 1;
    report.count('add-note', 'duplicates', texts.length - new Set(texts).size);
    for (const text of texts) if (!sure.has(text) && !maybe.has(text)) report.strangeNotes += 1;
  }

  async function tool(
    toolName: string,
    args: Record<string, unknown> = {},
    onprogress: (progress: number) => void = () => {},
    isRepeatable = true,
  ) {
    const answer = await call(toolName, isRepeatable, () =>
      client.callTool({ name: toolName, arguments: args }, undefined, {
        timeout: CALL_TIMEOUT_MS,
        onprogress: ({ progress }) => onprogress(progress),
      }),
    );
    if (answer === undefined) return undefined;
    const { isError, content, structuredContent } = result.parse(answer);
    if (!isError) return structuredContent;
    report.failed(toolName, content[0]?.text ?? 'no text');
    return undefined;
  }

  /** As the sample client: a call that was not answered is repeated, where it may be. */
  async function call<T>(what: string, isRepeatable: boolean, run: () => Promise<T>) {
    const startedAt = Date.now();
    underWay = what;
    wasInterrupted = false;
    report.count(what, 'calls');
    try {
      return await answerOf(what, isRepeatable, run);
    } finally {
      if (wasInterrupted) report.recovered(what, startedAt);
    }
  }

  async function answerOf<T>(what: string, isRepeatable: boolean, run: () => Promise<T>) {
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await run();
        report.count(what, 'completed');
        return answer;
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        if (text.includes('outcome is unknown')) return void report.count(what, 'unknown');
        if (text.includes('timed out')) report.hanging += 1;
        const status = error instanceof StreamableHTTPError ? error.code : undefined;
        const isUnanswered = error instanceof TypeError || status === 502 || status === 504;
        if (isUnanswered && !isRepeatable) return void report.count(what, 'unanswered');
        // 503 says that nothing was done.
        const mayRepeat = isUnanswered || status === 503;
        if (!mayRepeat || tries === MAX_TRIES) return report.failed(what, text);
        report.count(what, 'repeated');
        wasInterrupted = true;
        await sleep(status === 503 ? RETRY_AFTER_MS : PAUSE_MS);
      }
    }
  }
}
