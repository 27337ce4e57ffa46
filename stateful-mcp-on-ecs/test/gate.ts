import type { SessionStore } from '../src/sessions/store.ts';

export interface Gate {
  readonly store: SessionStore;
  kill(): void;
  pause(): void;
  resume(): void;
}

/** A store whose requests can be held back, or refused for good: as those of a task that is gone. */
export function gateBefore(store: SessionStore): Gate {
  let opened = Promise.resolve();
  let open = () => {};
  let isKilled = false;
  const behindGate = new Proxy(store, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        await opened;
        if (isKilled) throw new Error('This task was killed.');
        return Reflect.apply(value, target, args);
      };
    },
  });
  return {
    store: behindGate,
    kill() {
      isKilled = true;
    },
    pause() {
      opened = new Promise((resolve) => {
        open = resolve;
      });
    },
    resume: () => open(),
  };
}
