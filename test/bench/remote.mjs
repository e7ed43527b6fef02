import { execFileSync, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** No step of the benchmark takes this long; what does has hung, and the run must end all the same. */
const DEADLINE_MS = 60_000;

/**
 * A script in a process of its own whose functions can be called from here. Whatever is measured runs in one, so
 * that neither the measuring nor a competitor shares its heap, its compiled code or its event loop.
 */
export class Remote {
  #child;
  #calls = new Map();
  #next = 1;

  /**
   * Its stdout is /dev/null: consoles pay for their system call, and no terminal or pipe decides how long it takes.
   *
   * @param {URL} script which calls {@link answer}
   * @param {{ execArgv?: readonly string[], core?: number, env?: Record<string, string> }} options flags of Node.js, the core that all its threads
   *   run on, where the machine lets us choose, and its environment beside ours
   */
  constructor(script, { execArgv = [], core, env } = {}) {
    this.#child = fork(script, [], {
      execArgv,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    if (core !== undefined) pin(this.#child.pid, core);
    this.#child.on('message', ({ id, result, error }) => this.#settle(id, result, error));
    this.#child.on('error', (error) => this.#fail(error));
    this.#child.on('exit', (code, signal) => this.#fail(new Error(`${script} ended: ${signal ?? code}`)));
  }

  /**
   * @param {string} name
   * @param {unknown} argument anything that JSON can hold
   * @returns {Promise<any>}
   */
  call(name, argument) {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      const deadline = setTimeout(() => {
        this.#fail(new Error(`'${name}' took more than ${DEADLINE_MS / 1000} s`));
        this.#child.kill('SIGKILL');
      }, DEADLINE_MS);
      this.#calls.set(id, { resolve, reject, deadline });
      this.#child.send(
        { id, name, argument },
        (error) => error && this.#settle(id, undefined, error.message),
      );
    });
  }

  stop() {
    this.#child.removeAllListeners('exit');
    this.#child.kill('SIGKILL');
  }

  #settle(id, result, error) {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    clearTimeout(call.deadline);
    if (error === undefined) call.resolve(result);
    else call.reject(new Error(error));
  }

  #fail(error) {
    for (const id of this.#calls.keys()) this.#settle(id, undefined, error.message);
  }
}

/**
 * The other side of {@link Remote}: lets the parent process call these functions.
 *
 * @param {Record<string, (argument: any) => unknown>} functions
 */
export function answer(functions) {
  process.on('message', async ({ id, name, argument }) => {
    try {
      process.send({ id, result: await functions[name](argument) });
    } catch (error) {
      process.send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  // The parent is gone: nobody would stop this process any more.
  process.on('disconnect', () => process.exit());
}

/** @returns whether processes can be pinned to cores here: `taskset` is util-linux's, and one core is none to choose */
export function canPin() {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function pin(pid, core) {
  if (!canPin()) return;
  // Also the threads that V8 has started by now.
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
    stdio: 'ignore',
  });
}
