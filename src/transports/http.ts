import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Access, Entrant } from '../front-door/access.ts';
import { Admission } from '../front-door/admission.ts';
import { KnownKeys } from '../front-door/known-keys.ts';
import { type Readiness, readReadiness, type Upstream } from '../front-door/readiness.ts';
import { answerJson, isRefusal, refuse, refuseForNow } from '../front-door/refusals.ts';
import { scopeLog } from '../log.ts';
import type { createServer, ServerParts } from '../server.ts';
import type { Caller } from '../tools/context.ts';
import type { Mode } from '../tools/modes.ts';
import { Arrivals } from './arrivals.ts';
import { BodyReader } from './body.ts';
import { answerBroken } from './broken.ts';
import { Connections } from './drain.ts';
import { Exchange, type ExchangeReport, idsOf } from './exchange.ts';
import { checkExpect, checkSize, checkType, checkUrl, type GuardOptions, Guards, nameRequest } from './guards.ts';
import { isListen, type ListenRequest } from './listening.ts';
import { serveMcp, type Visit } from './mcp.ts';
import { mendMessage } from './messages.ts';
import { endFromOutside, endWithConnection, UnderWay } from './under-way.ts';

const ENDPOINT = '/mcp';
/** Requests that may be under way at once, and streams of changes that may be open. */
const BOUNDS = { perCaller: 64, all: 1_000 };
/** More than can be under way, and fewer than a process may have files open. */
const MAX_CONNECTIONS = 4_000;
/** Who writes slowly is not waited for. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const CHECK_EVERY_MS = 1_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** Longer than the minute for which proxies keep a connection: the one that reuses it must not be the one that finds it closed. */
const KEEP_ALIVE_MS = 65_000;
/** A call answers in its own time; an exchange that outlasts it by so much is ended from outside. */
const MARGIN_MS = 5_000;

export interface HttpOptions extends GuardOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Who may call. */
  access: Access;
  /** On whose behalf calls are made, but for the key. */
  caller: Caller;
  /** What a caller is shown. @param mode at most; undefined for all that the server shows. */
  partsFor(mode: Mode | undefined): ServerParts;
  /** Builds the server that answers one request. */
  createServer: typeof createServer;
  upstream: Upstream;
  maxBodyBytes: number;
  /** At a stop the door stays open for so long, to say that it is closed. */
  drainMs: number;
  onEnd?: (report: ExchangeReport) => void;
}

/** A running HTTP endpoint. */
export interface HttpEndpoint {
  url: string;
  /** What is under way now. */
  counts(): { inFlight: number; streams: number };
  /** Ends the streams of those who would not be let in any more. */
  endStale(): void;
  /** Takes no new requests, lets those under way end, then resolves. */
  close(): Promise<void>;
}

/**
 * Serves `POST /mcp` for both protocol eras, statelessly, and `GET /healthz` and `/readyz`. All that headers can say is looked
 * at before a body is read.
 */
export async function startHttp(options: HttpOptions): Promise<HttpEndpoint> {
  const { access, caller, onEnd = () => {} } = options;
  const guards = new Guards(options);
  const bodies = new BodyReader(options.maxBodyBytes);
  const arrivals = new Arrivals(BOUNDS);
  const calls = new Admission(BOUNDS, 'requests');
  const streams = new Admission(BOUNDS, 'streams of changes');
  const underWay = new UnderWay();
  const keys = new KnownKeys();
  const openStreams = new Map<ServerResponse, Entrant>();
  const mcp = serveMcp({ ...options, hub: options.partsFor(undefined).hub, log: caller.log });

  const visitOf = ({ client, token }: Entrant, exchange: Exchange): Visit => {
    const { requestId } = exchange;
    const parts = options.partsFor(token?.mode);
    const log = token === undefined ? exchange.log : scopeLog(exchange.log, { token: token.name });
    return { parts, caller: { ...caller, client, log, requestId, token: token?.name } };
  };

  const serveListen = async (message: ListenRequest, entrant: Entrant, exchange: Exchange): Promise<void> => {
    const place = streams.enter(entrant.name);
    if (isRefusal(place)) return exchange.turnAway(place, message.id);
    exchange.isStream = true;
    exchange.hold(place);
    const { client } = entrant;
    const fault = client === undefined || client === caller.client ? undefined : await keys.check(client);
    if (exchange.response.closed) return;
    if (isStopping) return exchange.turnAway(STOPPING, message.id);
    if (fault !== undefined) return exchange.turnAway(fault, message.id);
    openStreams.set(exchange.response, entrant);
    exchange.response.once('close', () => openStreams.delete(exchange.response));
    return mcp.listen(message, exchange, visitOf(entrant, exchange));
  };

  /** The body is read here, so that it can be mended, and so that no other reader goes past the bounds. */
  const serve = async (exchange: Exchange, arrived: Entrant): Promise<void> => {
    const { request, response } = exchange;
    // Before anything is known of it: what tells of a call, such as that it is cancelled, gets in beside the calls themselves.
    const place = arrivals.enter(exchange, arrived.name);
    if (isRefusal(place)) return exchange.turnAway(place);
    if (request.method !== 'POST') return exchange.turnAway(NOT_POST);
    const fault = checkType(request);
    if (fault !== undefined) return exchange.turnAway(fault);
    const body = await bodies.read(request, response);
    // Sent away meanwhile, or the server has begun to stop.
    if (exchange.isAnswered) return;
    if (isStopping) return exchange.turnAway(STOPPING);
    if ('refusal' in body) return exchange.turnAway(body.refusal);
    place.leave();
    // The tokens may have been read again while it was writing.
    const entrant = access.isStillIn(arrived) ? arrived : access.admit(request);
    if (isRefusal(entrant)) return exchange.turnAway(entrant);
    const { message } = body;
    if (isListen(message)) return serveListen(message, entrant, exchange);
    const ids = idsOf(message);
    if (ids.length > BOUNDS.perCaller) return exchange.turnAway(LARGE_BATCH, ids[0]);
    const places = calls.enter(entrant.name, ids.length);
    if (isRefusal(places)) return exchange.turnAway(places, ids[0]);
    exchange.hold(places);
    exchange.endWithin(caller.toolMs + MARGIN_MS, ids);
    underWay.note(message, { caller: entrant.name, request, response });
    return mcp.call(mendMessage(message), exchange, visitOf(entrant, exchange));
  };

  let isStopping = false;
  const receive = (request: IncomingMessage, response: ServerResponse) => {
    const requestId = nameRequest(request);
    const path = (request.url ?? '').split('?', 1)[0];
    // Who probes a container calls it by its address. Neither answer says anything, and nobody counts them.
    const isProbe = path === '/healthz' || path === '/readyz';
    const log = scopeLog(caller.log, { requestId });
    const exchange = new Exchange(requestId, request, response, log, isProbe ? () => {} : onEnd);
    const host = isProbe ? undefined : guards.checkHost(request);
    const fault = checkSize(request) ?? checkExpect(request) ?? host ?? guards.checkOrigin(request);
    if (fault !== undefined) return exchange.turnAway(fault);
    guards.allowPage(request, response);
    const misplaced = checkUrl(request);
    if (misplaced !== undefined) return exchange.turnAway(misplaced);
    if (path === '/healthz') return answerJson(response, 200, { status: 'ok' });
    if (path === '/readyz') return void answerReadiness(exchange, isStopping ? undefined : options.upstream);
    if (path !== ENDPOINT) return exchange.turnAway(NOT_FOUND);
    if (request.method === 'OPTIONS') return guards.answerPreflight(request, response);
    if (isStopping) {
      response.setHeader('connection', 'close');
      return exchange.turnAway(STOPPING);
    }
    const entrant = access.admit(request);
    if (isRefusal(entrant)) return exchange.turnAway(entrant);
    endWithConnection(request, response);
    serve(exchange, entrant).catch((error: unknown) => exchange.breakOff(error));
  };

  const server = createHttpServer(
    {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Looked at here, to be refused with a sentence.
      requireHostHeader: false,
    },
    receive,
  );
  // Who asks before it writes a body is told at the door.
  server.on('checkContinue', receive);
  server.on('checkExpectation', receive);
  server.on('clientError', (error, socket) => {
    const report = answerBroken(error, socket as Socket, caller.log);
    if (report !== undefined) onEnd(report);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => caller.log.warn({ most: MAX_CONNECTIONS }, 'a connection was dropped: there are too many'));
  const connections = new Connections(server);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}${ENDPOINT}`,
    counts: () => ({ inFlight: calls.size, streams: streams.size }),
    endStale() {
      for (const [response, entrant] of openStreams) if (!access.isStillIn(entrant)) endFromOutside(response);
    },
    async close() {
      isStopping = true;
      arrivals.refuseAll(STOPPING);
      await connections.drain({
        openMs: options.drainMs,
        isBusy: () => calls.size > 0,
        endStreams: () => void mcp.endStreams(),
      });
      await mcp.close();
    },
  };
}

/** @param upstream undefined while the server is stopping. */
async function answerReadiness(exchange: Exchange, upstream: Upstream | undefined): Promise<void> {
  const found: Readiness =
    upstream === undefined ? { status: 'not ready', reason: 'stopping' } : await readReadiness(upstream);
  exchange.answer(found.status === 'ready' ? 200 : 503, found);
}

const NOT_FOUND = refuse(
  404,
  'not_found',
  `There is nothing here. The MCP endpoint is POST ${ENDPOINT}; a key or token goes in a header and never in the path.`,
);
const NOT_POST = refuse(
  405,
  'method',
  'Only POST works here: choose the transport that is called Streamable HTTP, not SSE.',
  {
    headers: { allow: 'POST, OPTIONS' },
  },
);
const LARGE_BATCH = refuse(400, 'large_batch', `A batch holds at most ${BOUNDS.perCaller} requests; send several.`);
const STOPPING = refuseForNow(503, 'stopping', 'The server is stopping.');
