import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** A network use of a program. */
export interface NetworkUse {
  kind: 'connect' | 'lookup' | 'datagram';
  /** The host name, address or path. */
  target: string;
  port?: number;
}

/**
 * Makes a Node program, and the Node programs that it starts, record each connection, DNS query and datagram.
 * @param file gets one JSON line for each.
 * @returns a value for NODE_OPTIONS.
 */
export function watchNetwork(file: string): string {
  const script = `import dgram from 'node:dgram';
    import dns from 'node:dns';
    import { appendFileSync } from 'node:fs';
    import net from 'node:net';
    import { syncBuiltinESMExports } from 'node:module';
    const note = (kind, target, port) =>
      appendFileSync(${JSON.stringify(file)}, JSON.stringify({ kind, target: String(target), port }) + '\\n');
    const wrap = (object, name, before) => {
      const original = object[name];
      if (typeof original !== 'function') return;
      object[name] = function (...args) {
        before(args);
        return original.apply(this, args);
      };
    };
    wrap(net.Socket.prototype, 'connect', ([first, second]) => {
      const options = Array.isArray(first) ? first[0] : first;
      if (typeof options === 'object') note('connect', options.path ?? options.host ?? 'localhost', Number(options.port));
      else note('connect', typeof second === 'string' ? second : 'localhost', Number(options));
    });
    const queries = (object) => Object.getOwnPropertyNames(object).filter((name) => /^(lookup|resolve|reverse)/.test(name));
    for (const object of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
      for (const name of queries(object)) wrap(object, name, ([target]) => note('lookup', target));
    for (const name of ['send', 'connect']) wrap(dgram.Socket.prototype, name, (args) => note('datagram', args.join()));
    syncBuiltinESMExports();`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

/** The recorded uses of the program, in order. */
export function networkUses(file: string): NetworkUse[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const uses = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as NetworkUse);
  // Node passes addresses through its lookup, which makes no DNS query for them.
  return uses.filter(({ kind, target }) => kind !== 'lookup' || isIP(target) === 0);
}
