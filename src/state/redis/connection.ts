import { createHash } from 'node:crypto';
import { StoreUnavailableError } from '../errors.ts';
import { readServer, type ServerInfo } from './server-info.ts';

/** A Lua script, which Redis keeps under its SHA-1. */
export interface Script {
  text: string;
  sha: string;
}

export type Reply = string | number | null | readonly Reply[];

/** Runs commands and scripts. Every failure is a `StoreUnavailableError`. */
export interface Commands {
  run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<Reply>;
  command(...words: (string | number)[]): Promise<Reply>;
}

export interface RedisOptions {
  /** Called when the store becomes unavailable, and when it is available again. */
  onChange?: ((state: { isUp: boolean; cause?: string }) => void) | undefined;
  /** Called with what an operator should change, at each connect. */
  onWarning?: ((warning: string) => void) | undefined;
  commandMs?: number;
}

/** A connection to Redis or Valkey that reconnects automatically. */
export interface RedisConnection extends Commands {
  /** Whether the store answers, and takes writes. */
  readonly isUp: boolean;
  /** Now while it is up, else when its first failure since then was noticed. The `performance.now()` of this process. */
  readonly lastUpAt: number;
  readonly server: ServerInfo;
  /** Runs at each connect, before other commands are accepted. A listener that rejects ends the attempt. */
  onConnect(listener: (commands: Commands, server: ServerInfo) => Promise<void>): void;
  /** Waits until a replica of the server has the last write. @throws StoreUnavailableError where that takes too long. */
  waitForReplica(): Promise<void>;
  publish(channel: string, message: string): Promise<void>;
  /**
   * Messages that are published while there is no connection are lost. Never rejects: it tries until `close`.
   * @returns a function that ends the subscription, once it has begun.
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const COMMAND_MS = 2_000;
const CONNECT_MS = 2_000;
const REPLICA_MS = 100;
/** An idle connection asks this often whether the store still answers. */
const PING_MS = 5_000;
/** Answers of a store that takes no writes, from any client. */
const REJECTS_WRITES = /^(?:READONLY|OOM|MISCONF|LOADING|MASTERDOWN|NOREPLICAS) /;
/** Replicas must reconnect within the hold that follows an unavailable store, so they try often. */
const MIN_RETRY_MS = 50;
const MAX_RETRY_MS = 250;

/** A Lua script with the SHA-1 by which Redis caches it. */
export function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Connects to `url` (`redis://` or `rediss://`, with user and password). Resolves at once; `isUp` says when it is ready. */
export async function connect(url: string, options: RedisOptions = {}): Promise<RedisConnection> {
  const { createClient } = await import('@redis/client');
  return new NodeRedisConnection(createClient as unknown as ClientFactory, url, options);
}

/** The part of @redis/client that is used here. Its own types cost minutes of type checks. */
interface Client {
  readonly isReady: boolean;
  on(event: string, listener: (error: Error) => void): void;
  connect(): Promise<unknown>;
  sendCommand(words: string[]): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  unsubscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  destroy(): void;
}
type ClientFactory = (options: object) => Client;

type ConnectListener = (commands: Commands, server: ServerInfo) => Promise<void>;

class NodeRedisConnection implements RedisConnection {
  readonly #client: Client;
  /** A connection with subscriptions cannot run other commands under RESP2, so it is a second one. */
  readonly #subscriber: Client;
  readonly #options: RedisOptions;
  readonly #commandMs: number;
  readonly #listeners: ConnectListener[] = [];
  readonly #pinging: NodeJS.Timeout;
  #isUp = false;
  /** The first failure since it was up. */
  #lostAt: number | undefined;
  #isClosed = false;
  #isSubscribing = false;
  #hasWarnedOfChannels = false;
  #server: ServerInfo = { runId: undefined, replicas: 0 };
  #cause = 'not connected yet';
  /** Warned of at this connect. */
  #warned: string | undefined;
  /** What `onChange` heard last. */
  #reported: boolean | undefined;
  #preparing = 0;

  constructor(createClient: ClientFactory, url: string, options: RedisOptions) {
    this.#options = options;
    this.#commandMs = options.commandMs ?? COMMAND_MS;
    const socket = {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries: number) =>
        Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** Math.min(retries, 8)) * (0.5 + Math.random() / 2),
    };
    const make = () => {
      const client = createClient({ url, socket, disableOfflineQueue: true, maintNotifications: 'disabled' });
      client.on('error', (error) => this.#onError(error));
      return client;
    };
    this.#client = make();
    this.#subscriber = make();
    this.#client.on('ready', () => void this.#prepare());
    this.#pinging = setInterval(() => void this.command('PING').catch(() => {}), PING_MS).unref();
    // It reconnects without a limit, so only `close` ends this promise.
    void this.#client.connect().catch((error: Error) => this.#onError(error));
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get lastUpAt(): number {
    return this.#lostAt ?? performance.now();
  }

  get server(): ServerInfo {
    return this.#server;
  }

  onConnect(listener: ConnectListener): void {
    this.#listeners.push(listener);
    if (this.#client.isReady) void this.#prepare();
  }

  run(...[script, keys, args]: Parameters<Commands['run']>): Promise<Reply> {
    return this.#isUp ? this.#raw.run(script, keys, args) : Promise.reject(this.#away());
  }

  command(...words: (string | number)[]): Promise<Reply> {
    return this.#isUp ? this.#raw.command(...words) : Promise.reject(this.#away());
  }

  async waitForReplica(): Promise<void> {
    // Without replicas WAIT always answers 0.
    if (this.#server.replicas === 0 || Number(await this.command('WAIT', 1, REPLICA_MS)) > 0) return;
    throw new StoreUnavailableError('slow', 'no replica of the server has it');
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.command('PUBLISH', channel, message);
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    if (!this.#isSubscribing) {
      this.#isSubscribing = true;
      void this.#subscriber.connect().catch((error: Error) => this.#onError(error));
    }
    while (!this.#isClosed) {
      if (this.#subscriber.isReady && (await this.#trySubscribe(channel, listener))) {
        return async () => {
          await this.#subscriber.unsubscribe(channel, listener).catch(() => {});
        };
      }
      await pause(this.#subscriber.isReady ? MAX_RETRY_MS : MIN_RETRY_MS);
    }
    return async () => {};
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUp = false;
    clearInterval(this.#pinging);
    this.#client.destroy();
    if (this.#isSubscribing) this.#subscriber.destroy();
  }

  /** The client subscribes again at each reconnect, but not where the connection is lost before the first answer. */
  async #trySubscribe(channel: string, listener: (message: string) => void): Promise<boolean> {
    try {
      await this.#subscriber.subscribe(channel, listener);
      return true;
    } catch (error) {
      const { message } = error as Error;
      if (message.startsWith('NOPERM') && !this.#hasWarnedOfChannels) {
        this.#hasWarnedOfChannels = true;
        this.#options.onWarning?.(
          'The Redis user may not subscribe, so this replica misses the messages of other replicas. Add &hr:* to its ACL.',
        );
      }
      return false;
    }
  }

  readonly #raw: Commands = {
    run: async (script, keys, args) => {
      const words = [String(keys.length), ...keys, ...args.map(String)];
      try {
        return await this.#send(['EVALSHA', script.sha, ...words]);
      } catch (error) {
        // A server that has restarted knows no script.
        if (!(error as Error).message.includes('NOSCRIPT')) throw error;
        return await this.#send(['EVAL', script.text, ...words]);
      }
    },
    command: (...words) => this.#send(words.map(String)),
  };

  /** Sends a command, and gives up after `commandMs`. A late answer is ignored. */
  async #send(words: string[]): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#onLost(`no answer within ${this.#commandMs} ms`);
        reject(new StoreUnavailableError('slow'));
      }, this.#commandMs);
    });
    try {
      return (await Promise.race([this.#client.sendCommand(words), late])) as Reply;
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      const { message, name } = error as Error;
      const isAnswer = name.includes('ErrorReply') || /^[A-Z]+ /.test(message);
      if (isAnswer && REJECTS_WRITES.test(message)) this.#onLost(message);
      throw new StoreUnavailableError(isAnswer ? 'refused' : 'away', message);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads what the server is, and runs the listeners. Commands of others are accepted afterwards. */
  async #prepare(): Promise<void> {
    this.#preparing += 1;
    const attempt = this.#preparing;
    try {
      const { server, warning } = await readServer(this.#raw.command);
      this.#server = server;
      if (warning !== this.#warned && warning !== undefined) this.#options.onWarning?.(warning);
      this.#warned = warning;
      for (const listener of [...this.#listeners]) await listener(this.#raw, this.#server);
    } catch (error) {
      this.#onError(error as Error);
      // A slow server is asked again; a lost connection prepares again when it is back.
      await pause(MAX_RETRY_MS);
      if (attempt === this.#preparing && this.#client.isReady && !this.#isClosed) void this.#prepare();
      return;
    }
    if (attempt !== this.#preparing || !this.#client.isReady || this.#isUp || this.#isClosed) return;
    this.#setUp(true);
  }

  #setUp(isUp: boolean): void {
    this.#isUp = isUp;
    this.#lostAt = isUp ? undefined : (this.#lostAt ?? performance.now());
    if (!isUp) this.#warned = undefined;
    if (this.#reported === isUp) return;
    this.#reported = isUp;
    this.#options.onChange?.(isUp ? { isUp } : { isUp, cause: this.#cause });
  }

  /** A server that does not respond, or accepts no writes, gets no further commands until it does so again. */
  #onLost(cause: string): void {
    this.#cause = cause;
    if (!this.#isUp || this.#isClosed) return;
    this.#setUp(false);
    void this.#prepare();
  }

  #onError(error: Error): void {
    this.#cause = error.message || error.name;
    if (!this.#client.isReady && !this.#isClosed) this.#setUp(false);
    else if (!this.#isUp) this.#lostAt ??= performance.now();
  }

  #away(): StoreUnavailableError {
    return new StoreUnavailableError('away', this.#cause);
  }
}

/** A message of another replica. undefined for anything else that was published there. */
export function parseMessage<Message>(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
