import { EventEmitter } from 'node:events';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { JsonRpcResponse } from '../mcp/message.ts';
import { withMessages } from './call-record.ts';
import { parseAnswer, questionId } from './ids.ts';
import type { SessionLimits } from './limits.ts';
import { sitOut } from './sit-out.ts';
import type { CallRecord, SessionStore } from './store.ts';

export interface CallDependencies {
  readonly store: SessionStore;
  readonly limits: SessionLimits;
}

/**
 * A call that this task runs, as the transport of the server that runs it. What the server says is
 * written to the store and only then shown to followers, so that no client has seen an event that
 * another task does not know. A call that answers before it says anything else is never stored.
 */
export class RunningCall extends EventEmitter<{ change: [] }> implements Transport {
  onmessage?: NonNullable<Transport['onmessage']>;
  onclose?: () => void;
  onerror?: (error: Error) => void;

  readonly #deps: CallDependencies;
  #record: CallRecord;
  #answer: JSONRPCMessage | undefined;
  #failure: unknown;
  #isOver = false;
  #unwritten: JSONRPCMessage[] = [];
  #writing: Promise<void> | undefined;
  readonly #heard = new Set<unknown>();
  #beat: NodeJS.Timeout | undefined;

  constructor(record: CallRecord, deps: CallDependencies) {
    super();
    this.setMaxListeners(0);
    this.#record = record;
    this.#deps = deps;
    if (this.isStored) this.#startBeat();
  }

  /** The call as the store has it. */
  get record(): CallRecord {
    return this.#record;
  }
  get isStored(): boolean {
    return this.#record.version > 0;
  }
  /** The answer of a call that was never stored. */
  get answer(): JSONRPCMessage | undefined {
    return this.#answer;
  }
  /** Why it could not be stored. */
  get failure(): unknown {
    return this.#failure;
  }
  /** This task has nothing more to do with it: answered, cancelled, or another task's now. */
  get isOver(): boolean {
    return this.#isOver;
  }

  async start(): Promise<void> {}

  async close(): Promise<void> {
    this.#end();
  }

  /** Ends it with a reason that the client should be told. */
  fail(error: unknown): void {
    this.#failure ??= error;
    this.#end();
  }

  /** Takes a message from the server. Resolves when it is stored, which slows a fast tool down. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isOver) return;
    const isAnswer = !('method' in message);
    if (isAnswer && message.id !== this.#record.request.id) return; // to the replayed initialize
    if (isAnswer && !this.isStored && !this.#writing) {
      this.#answer = message;
      this.#end();
      return;
    }
    const bytes = isAnswer ? 0 : Buffer.byteLength(JSON.stringify(message));
    // The tool is told at once: kept among the unwritten, it would hold up all that follows.
    if (bytes > this.#deps.limits.maxEventBytes) throw new Error(`A message of ${bytes} bytes.`);
    this.#unwritten.push(this.#asSeenByClient(message));
    await this.save();
  }

  /** Writes what is unwritten, or only renews the lease. Calls in the meantime share one write. */
  save(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Passes on the client's answer to what this call asked. */
  hear(message: JsonRpcResponse): void {
    const answer = parseAnswer(message);
    // An answer to an earlier attempt finds nobody who waits for it: this one asks again.
    if (answer?.attempt !== this.#record.attempt || this.#heard.has(message.id)) return;
    this.#heard.add(message.id);
    this.onmessage?.({ ...message, id: answer.id });
  }

  /** Stops the call, as its client wishes: there will be no answer. */
  async cancel(): Promise<void> {
    await this.#writing?.catch(() => {});
    await this.#close({ isCancelled: true, isDone: true });
  }

  /** Lets the next task have the call at once. */
  async release(): Promise<void> {
    await this.#writing?.catch(() => {});
    await this.#close({ leaseUntil: 0 });
  }

  /**
   * Whether no other task has taken the call over. Ask after reading what you are about to change:
   * a later takeover then shows in the version of what you have read (takeover.ts).
   */
  async isStillMine(): Promise<boolean> {
    // A process that was paused wakes up with a lease that is over.
    if (this.isStored && !this.#isOver && Date.now() >= this.#record.leaseUntil) await this.save();
    return !this.#isOver;
  }

  async #write(): Promise<void> {
    do {
      const written = this.#unwritten.length;
      const next = withMessages(this.#record, this.#unwritten, this.#deps.limits);
      if (await this.#persist(next)) {
        this.#unwritten.splice(0, written);
        this.#record = next;
        if (next.version === 1) this.#startBeat();
        if (next.isDone) this.#end();
        this.emit('change');
      } else {
        await this.#catchUp();
      }
    } while (this.#unwritten.length > 0 && !this.#isOver);
  }

  async #persist(record: CallRecord): Promise<boolean> {
    const { store, limits } = this.#deps;
    // A call that is not stored yet has a client to tell.
    const isOver = () => this.#isOver || !this.isStored;
    try {
      return await sitOut(() => store.saveCall(record), limits, isOver);
    } catch (error) {
      if (this.#isOver) return false;
      this.fail(error);
      throw error;
    }
  }

  /** Somebody else wrote: the client through another task, or a task that has taken the call over. */
  async #catchUp(): Promise<void> {
    const { store } = this.#deps;
    const { sessionId, streamId, owner, attempt } = this.#record;
    const stored = await store.readCall(sessionId, streamId).catch(() => this.#record);
    const isMine = stored?.owner === owner && stored.attempt === attempt && this.isStored;
    if (isMine) this.#record = stored;
    if (!isMine || stored.isDone) return this.#end();
    for (const answer of stored.answers) this.hear(answer);
  }

  async #close(changes: Partial<CallRecord>): Promise<void> {
    if (this.#isOver) return;
    if (this.isStored) {
      const next = { ...this.#record, ...changes, version: this.#record.version + 1 };
      // Where the store fails, the lease runs out by itself.
      if (await this.#deps.store.saveCall(next).catch(() => false)) this.#record = next;
    }
    this.#end();
  }

  /** The ids of questions are this call's own; the client sees such that lead any answer here. */
  #asSeenByClient(message: JSONRPCMessage): JSONRPCMessage {
    if (!('method' in message)) return message;
    const { streamId, attempt } = this.#record;
    if ('id' in message) return { ...message, id: questionId(streamId, attempt, message.id) };
    const requestId = message.params?.requestId;
    if (message.method !== 'notifications/cancelled' || typeof requestId !== 'number') {
      return message;
    }
    const params = { ...message.params, requestId: questionId(streamId, attempt, requestId) };
    return { ...message, params };
  }

  #startBeat(): void {
    // It may have ended while its first write was under way.
    if (this.#isOver) return;
    this.#beat = setInterval(() => {
      this.save().catch(() => {});
    }, this.#deps.limits.beatMs);
  }

  /** Closing the server aborts what it runs; one that has answered runs nothing, and costs time. */
  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#beat);
    this.emit('change');
    const isAnswered =
      this.#answer !== undefined || (this.#record.isDone && !this.#record.isCancelled);
    if (!isAnswered) this.onclose?.();
  }
}
