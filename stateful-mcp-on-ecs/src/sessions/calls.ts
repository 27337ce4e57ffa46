import { EventEmitter, once } from 'node:events';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Logger } from '../logger.ts';
import { type JsonRpcRequest, type JsonRpcResponse, methodForLog } from '../mcp/message.ts';
import type { AuthInfo } from '../tools/tool.ts';
import { newCall } from './call-record.ts';
import { callStreamId, parseAnswer, shortId } from './ids.ts';
import type { SessionLimits } from './limits.ts';
import { RunningCall } from './running-call.ts';
import type { CallRecord, SessionRecord, SessionStore } from './store.ts';
import { claim } from './takeover.ts';
import { createToolSession, type ToolSession } from './tool-session.ts';

/** What the session layer needs of an MCP server: the SDK's `Server` and `McpServer` have it. */
export interface ConnectableServer {
  connect(transport: Transport): Promise<void>;
}

export interface CallsDependencies {
  readonly store: SessionStore;
  readonly limits: SessionLimits;
  readonly logger: Logger;
  /** Names this task as an owner: unique, also among tasks that were before it. */
  readonly owner: string;
  /** Makes the server that answers one request. */
  createServer(session: ToolSession): ConnectableServer;
  /**
   * Whether each server hears the session's `initialize` before its request, and so knows the client
   * by itself (`getClientCapabilities`, `elicitInput`). It adds a fifth to the time of a short call;
   * without it, a server asks the ToolSession.
   */
  readonly replaysInitialize: boolean;
  /** Whether a request may run a second time when its first task is gone. */
  isRepeatable(request: JsonRpcRequest): boolean;
}

/** Whose request it is. */
export interface Caller {
  readonly session: SessionRecord;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly authInfo: AuthInfo | undefined;
}

/** The calls that this task runs. */
export interface Calls {
  /** Wakes the streams of a session, by its id: something was announced, or it is over. */
  readonly announced: EventEmitter;
  readonly size: number;
  count(sessionId: string): number;
  find(streamId: string): RunningCall | undefined;
  start(caller: Caller, request: JsonRpcRequest): RunningCall;
  /** Runs the call of a task that is gone. Undefined when another task was first. */
  takeOver(caller: Caller, call: CallRecord): Promise<CallRecord | undefined>;
  /** Brings the client's answer to the call that asked, here or elsewhere. */
  answer(sessionId: string, answer: JsonRpcResponse): Promise<void>;
  cancel(sessionId: string, requestId: string | number): Promise<void>;
  /** Resolves when a call has ended here. */
  untilOneEnds(): Promise<void>;
  /** Gives every call away. */
  releaseAll(): Promise<void>;
}

const REPLAYED_ID = 'initialize, replayed';

/** Keeps what this task runs, and reaches what runs elsewhere through the store. */
export function createCalls(deps: CallsDependencies): Calls {
  const { store, limits, logger, owner, createServer, replaysInitialize, isRepeatable } = deps;
  const running = new Map<string, RunningCall>();
  const announced = new EventEmitter().setMaxListeners(0);
  const ended = new EventEmitter().setMaxListeners(0);

  /** Keeps a call findable while it runs. */
  function add(record: CallRecord): RunningCall {
    const call = new RunningCall(record, { store, limits });
    running.set(record.streamId, call);
    call.on('change', () => {
      if (!call.isOver) return;
      if (running.get(record.streamId) === call) running.delete(record.streamId);
      ended.emit('change');
    });
    return call;
  }

  async function run(call: RunningCall, { session, headers, authInfo }: Caller): Promise<void> {
    // A call that may not run twice is stored before it begins.
    if (!call.isStored && !isRepeatable(call.record.request)) await call.save();
    if (call.isOver) return;
    const toolSession = createToolSession(session, call, deps, announced);
    await createServer(toolSession).connect(call);
    // A server of its own for each request: it learns what the client can do as the first one did.
    if (replaysInitialize) call.onmessage?.({ ...session.initialize, id: REPLAYED_ID });
    call.onmessage?.(call.record.request, {
      requestInfo: { headers },
      ...(authInfo && { authInfo }),
    });
  }

  /** Changes the record of a call that runs elsewhere; its task notices with its next beat. */
  async function changeStored(
    sessionId: string,
    streamId: string,
    change: (call: CallRecord) => Partial<CallRecord>,
  ): Promise<void> {
    let isSaved = false;
    while (!isSaved) {
      const call = await store.readCall(sessionId, streamId);
      if (!call || call.isDone) return;
      isSaved = await store.saveCall({ ...call, ...change(call), version: call.version + 1 });
    }
  }

  return {
    announced,
    get size() {
      return running.size;
    },
    count(sessionId) {
      return [...running.values()].filter(({ record }) => record.sessionId === sessionId).length;
    },
    find: (streamId) => running.get(streamId),

    start(caller, request) {
      const call = add(newCall(caller.session.id, request, owner));
      run(call, caller).catch((error) => call.fail(error));
      return call;
    },
    async takeOver(caller, stored) {
      const mayRunAgain = isRepeatable(stored.request);
      const claimed = await claim(stored, caller.session, mayRunAgain, { store, limits, owner });
      announced.emit(caller.session.id);
      if (!claimed) return undefined;
      logger.info('call taken over', {
        session: shortId(claimed.sessionId),
        mcpMethod: methodForLog(claimed.request),
        attempt: claimed.attempt,
        isRunAgain: !claimed.isDone,
      });
      if (claimed.isDone) return claimed;
      const call = add(claimed);
      run(call, caller).catch((error) => call.fail(error));
      return claimed;
    },
    async answer(sessionId, answer) {
      const to = parseAnswer(answer);
      if (!to) return;
      const call = running.get(to.streamId);
      if (call?.record.sessionId === sessionId) return call.hear(answer);
      await changeStored(sessionId, to.streamId, ({ answers }) => ({
        answers: [...answers, answer],
      }));
    },
    async cancel(sessionId, requestId) {
      const streamId = callStreamId(sessionId, requestId);
      const call = running.get(streamId);
      if (call) return call.cancel();
      await changeStored(sessionId, streamId, () => ({ isCancelled: true, isDone: true }));
    },
    async untilOneEnds() {
      await once(ended, 'change');
    },
    async releaseAll() {
      await Promise.all([...running.values()].map((call) => call.release()));
    },
  };
}
