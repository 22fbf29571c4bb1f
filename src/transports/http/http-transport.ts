import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Authenticator } from '../../auth/authenticator.ts';
import { KeyCheckCache } from '../../auth/key-check-cache.ts';
import { UnknownKeys } from '../../auth/unknown-keys.ts';
import { traceFields } from '../../lib/trace-context.ts';
import type { Mode } from '../../mcp/modes.ts';
import type { RequestContext } from '../../mcp/request-context.ts';
import type { ExchangeReport } from '../../observability/events.ts';
import { childLog } from '../../observability/log.ts';
import type { KeyChecks } from '../../state/key-checks.ts';
import type { ServerFactory } from '../server-factory.ts';
import { ConcurrencyLimiter } from './concurrency-limiter.ts';
import { GracefulShutdown, SHUTTING_DOWN } from './graceful-shutdown.ts';
import { HttpExchange, pathOf } from './http-exchange.ts';
import { IdleConnections } from './idle-connections.ts';
import { respondToClientError } from './malformed-request.ts';
import { McpHandler } from './mcp-handler.ts';
import { authenticate, reauthenticate } from './middleware/authenticate.ts';
import { concurrencyLimit, LIMITS } from './middleware/concurrency-limit.ts';
import { contentType } from './middleware/content-type.ts';
import { cors, corsPreflight } from './middleware/cors.ts';
import { deadline } from './middleware/deadline.ts';
import { dispatch } from './middleware/dispatch.ts';
import { fileBody, fileMethod, fileSlot, receiveFile, requireKey, routeOf, sendFile } from './middleware/files.ts';
import { HEALTH_PATHS, healthRoutes, type Upstream } from './middleware/health-routes.ts';
import { type HostOptions, hostValidation, ownHosts } from './middleware/host-validation.ts';
import { abortOnDisconnect, InFlightRequests, trackInFlight } from './middleware/in-flight-requests.ts';
import { BodyReader, jsonBody } from './middleware/json-body.ts';
import { jsonRpc } from './middleware/json-rpc.ts';
import { keyCheck } from './middleware/key-check.ts';
import { ENDPOINT, mcpRoute } from './middleware/mcp-route.ts';
import { requestLimits } from './middleware/request-limits.ts';
import { secretInUrl } from './middleware/secret-in-url.ts';
import { shutdownGate } from './middleware/shutdown-gate.ts';
import { UNKNOWN_KEY_LIMITS, unknownKeyLimit } from './middleware/unknown-key-limit.ts';
import { UploadLimiter, uploadLimit } from './middleware/upload-limit.ts';
import { type Middleware, runPipeline } from './pipeline.ts';
import { requestIdOf, traceOf } from './request-id.ts';

/** More than can be in flight, and fewer than the open files that a process may have. */
export const MAX_CONNECTIONS = 4_000;
/** Idle connections are closed from this share of the limit on. */
export const NEAR_LIMIT = 0.9;
export const MAX_HEADER_BYTES = 16 * 1024;
/** How long a client may take to send its headers. */
export const HEADERS_MS = 10_000;
/** How long a client may take to send its request. */
export const REQUEST_MS = 30_000;
/** How often Node checks both limits. */
const CHECK_MS = 1_000;
/** Proxies keep an idle connection for 60 s. The server must not close it before the proxy does. */
export const KEEP_ALIVE_MS = 65_000;

/** Everything that the transport needs. Limits that are left out have their defaults. */
export interface HttpTransportOptions extends HostOptions {
  /** 0 picks a free port. */
  port: number;
  /** Origins of web pages that may call the server and read its responses. */
  allowedOrigins: readonly string[];
  authenticator: Authenticator;
  /** With `--auth oauth`. */
  oauth?: { resourceMetadata: Middleware; stepUp: Middleware } | undefined;
  /** The context that all requests share. Each request adds its principal and request id. */
  requestContext: RequestContext;
  /** The servers for a mode. undefined means the mode of the server. */
  serversFor(mode: Mode | undefined): ServerFactory;
  upstream: Upstream;
  /** Whether HeyReach has accepted the key of this fingerprint. */
  hasAcceptedKey(fingerprint: string): boolean;
  /** What other processes found out about keys. */
  keyChecks: KeyChecks;
  maxBodyBytes: number;
  maxConnections?: number;
  /** How long a shutdown keeps the port open to reject requests. */
  drainMs: number;
  onEnd?: (report: ExchangeReport) => void;
}

/** A running HTTP endpoint. */
export interface HttpEndpoint {
  url: string;
  /** What is in flight now. */
  counts(): { inFlight: number; streams: number };
  /** Ends the streams whose token or user is not valid any more. */
  endRevokedStreams(): void;
  /** Rejects new requests, lets those in flight end, then resolves. */
  close(): Promise<void>;
}

/**
 * Serves `POST /mcp` for both protocol eras, statelessly, `GET /healthz` and `/readyz`, and the files of callers: `POST /files`,
 * `GET /results/{id}.csv` and `GET /jobs/{id}/outcome.csv`.
 */
export async function startHttpTransport(options: HttpTransportOptions): Promise<HttpEndpoint> {
  const { authenticator, requestContext, maxConnections = MAX_CONNECTIONS, onEnd = () => {} } = options;
  const { log } = requestContext;
  const idle = new IdleConnections();
  const shutdown = new GracefulShutdown(idle);
  const uploads = new UploadLimiter(LIMITS);
  const calls = new ConcurrencyLimiter(LIMITS, 'requests');
  const streams = new ConcurrencyLimiter(LIMITS, 'streams of changes');
  const mcp = new McpHandler({ ...options, hub: options.serversFor(undefined).hub, log });
  const pipelineFor = createPipelines(options, { mcp, shutdown, uploads, calls, streams });

  const receive = (request: IncomingMessage, response: ServerResponse) => {
    const requestId = requestIdOf(request);
    const isHealthCheck = HEALTH_PATHS.includes(pathOf(request));
    const report = isHealthCheck ? () => {} : onEnd;
    const trace = traceOf(request);
    const ownLog = childLog(log, { requestId, ...traceFields(trace) });
    const exchange = new HttpExchange(requestId, request, response, ownLog, trace, report);
    const { socket } = request;
    idle.requestStarted(socket);
    exchange.onClose(() => idle.requestEnded(socket));
    void runPipeline(pipelineFor(exchange.path), exchange);
  };

  const server = createServer(receive, maxConnections);
  server.on('clientError', (error, socket) => {
    const report = respondToClientError(error, socket as Socket, log);
    if (report !== undefined) onEnd(report);
  });
  server.on('drop', () => log.warn({ most: maxConnections }, 'connection dropped: too many are open'));
  idle.track(server, maxConnections * NEAR_LIMIT);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}${ENDPOINT}`,
    counts: () => ({ inFlight: calls.size, streams: streams.size }),
    endRevokedStreams: () => mcp.abortStreams(({ principal }) => authenticator.isStillValid(principal)),
    async close() {
      const isShutDown = shutdown.shutdown(server, {
        openMs: options.drainMs,
        isBusy: () => calls.size > 0,
        endStreams: () => mcp.endStreams(),
      });
      uploads.rejectAll(SHUTTING_DOWN);
      await isShutDown;
      await mcp.close();
    },
  };
}

/** What the steps of all requests share. */
interface SharedParts {
  mcp: McpHandler;
  shutdown: GracefulShutdown;
  uploads: UploadLimiter;
  calls: ConcurrencyLimiter;
  streams: ConcurrencyLimiter;
}

/** The steps of each kind of request, in their order. @returns those for a path. */
function createPipelines(
  options: HttpTransportOptions,
  { mcp, shutdown, uploads, calls, streams }: SharedParts,
): (path: string) => readonly Middleware[] {
  const { authenticator, oauth, allowedOrigins, requestContext } = options;
  const unknownKeys = new UnknownKeys(options.hasAcceptedKey);
  const isOwnHost = ownHosts(options);

  const bodies = new BodyReader(options.maxBodyBytes);
  const unknownKeySlots = new ConcurrencyLimiter(UNKNOWN_KEY_LIMITS, 'requests');
  const keyChecks = new KeyCheckCache(options.keyChecks);
  const { client: ownClient, toolMs } = requestContext;

  /** What every request passes. It needs only the headers. */
  const commonMiddlewares: readonly Middleware[] = [
    requestLimits,
    hostValidation(isOwnHost, HEALTH_PATHS),
    // Before the check of origins, because every page may read it.
    ...(oauth === undefined ? [] : [oauth.resourceMetadata]),
    cors(allowedOrigins, isOwnHost),
    secretInUrl,
  ];
  /** The handling of an MCP request, in its order. Everything before `jsonBody` needs only the headers. */
  const mcpPipeline: readonly Middleware[] = [
    ...commonMiddlewares,
    healthRoutes(options.upstream, shutdown),
    mcpRoute,
    corsPreflight(allowedOrigins),
    shutdownGate(shutdown),
    // First, because the check of an access token may wait for its issuer.
    abortOnDisconnect,
    authenticate(authenticator),
    uploadLimit(uploads),
    contentType,
    jsonBody(bodies, uploads, shutdown),
    jsonRpc,
    reauthenticate(authenticator),
    ...(oauth === undefined ? [] : [oauth.stepUp]),
    unknownKeyLimit(unknownKeys, unknownKeySlots, ownClient),
    // Before the slots: a key must not hold one while it is checked.
    keyCheck(keyChecks, unknownKeys, ownClient, shutdown),
    concurrencyLimit(calls, streams),
    deadline(toolMs),
    trackInFlight(new InFlightRequests()),
    dispatch({ mcp, requestContext, serversFor: options.serversFor }),
  ];
  /** The same checks for the files of a caller. Its key is checked first, because HeyReach sees no request of it. */
  const accessTo = (method: 'GET' | 'POST'): readonly Middleware[] => [
    ...commonMiddlewares,
    corsPreflight(allowedOrigins, method),
    fileMethod(method),
    shutdownGate(shutdown),
    abortOnDisconnect,
    authenticate(authenticator),
    requireKey,
    unknownKeyLimit(unknownKeys, unknownKeySlots, ownClient, () => true),
    keyCheck(keyChecks, unknownKeys, ownClient, shutdown, () => true),
  ];
  const uploadPipeline: readonly Middleware[] = [
    ...accessTo('POST'),
    uploadLimit(uploads),
    fileBody(bodies, uploads, shutdown),
    reauthenticate(authenticator),
    fileSlot(calls),
    deadline(toolMs),
    receiveFile(requestContext),
  ];
  const downloadPipeline: readonly Middleware[] = [
    ...accessTo('GET'),
    fileSlot(calls),
    deadline(toolMs),
    sendFile(requestContext),
  ];
  return (path) => {
    const route = routeOf(path);
    if (route === undefined) return mcpPipeline;
    return route === 'upload' ? uploadPipeline : downloadPipeline;
  };
}

function createServer(
  receive: (request: IncomingMessage, response: ServerResponse) => void,
  maxConnections: number,
): Server {
  const server = createHttpServer(
    {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Host validation rejects a missing Host header with a JSON-RPC error.
      requireHostHeader: false,
    },
    receive,
  );
  // With a listener, a request that expects 100-continue is checked before the client sends its body.
  server.on('checkContinue', receive);
  server.on('checkExpectation', receive);
  server.maxConnections = maxConnections;
  return server;
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
