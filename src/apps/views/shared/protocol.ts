/** The JSON-RPC messages of MCP Apps (2026-01-26), between this page and the host that shows it. */

export type Params = Record<string, unknown>;

interface Message {
  id?: number | string;
  method?: string;
  params?: Params;
  result?: Params;
  error?: { message?: string };
}

interface Pending {
  resolve(result: Params): void;
  reject(error: Error): void;
}

/** Methods of the host that only need an answer. */
const ACKNOWLEDGED = ['ping', 'ui/resource-teardown'];
const METHOD_NOT_FOUND = -32_601;

/** The connection to the host. Only messages of the parent window count. */
export class Protocol {
  readonly #host = window.parent;
  readonly #pending = new Map<number | string, Pending>();
  #lastId = 0;

  /** @param onNotification receives each notification of the host. */
  constructor(onNotification: (method: string, params: Params) => void) {
    window.addEventListener('message', ({ source, data }: MessageEvent<Message | null>) => {
      if (source !== this.#host || typeof data !== 'object' || data === null) return;
      const { id, method, params = {}, result = {}, error } = data;
      if (id === undefined) {
        if (method !== undefined) onNotification(method, params);
      } else if (method !== undefined) {
        this.#post(
          ACKNOWLEDGED.includes(method)
            ? { id, result: {} }
            : { id, error: { code: METHOD_NOT_FOUND, message: `${method} is not supported` } },
        );
      } else {
        const pending = this.#pending.get(id);
        this.#pending.delete(id);
        if (error === undefined) pending?.resolve(result);
        else pending?.reject(new Error(error.message ?? 'The host rejected the request.'));
      }
    });
  }

  request(method: string, params: Params): Promise<Params> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#post({ id, method, params });
    });
  }

  notify(method: string, params: Params): void {
    this.#post({ method, params });
  }

  #post(message: object): void {
    // The origin of the host is unknown to a sandboxed page.
    this.#host.postMessage({ jsonrpc: '2.0', ...message }, '*');
  }
}
