import type { ServerResponse } from 'node:http';
import type { FaultRule } from './fault-rules.ts';
import { tooManyRequests } from './rate-limiter.ts';
import { type ApiResponse, jsonResponse } from './response.ts';

/** Sends a response, always with `content-length`. */
export function sendResponse(response: ServerResponse, apiResponse: ApiResponse): void {
  const body = Buffer.from(apiResponse.body, 'utf8');
  response.writeHead(apiResponse.status, { ...apiResponse.headers, 'content-length': String(body.length) });
  response.end(body);
}

/** Applies a fault that prevents the route from running. @returns whether it did. */
export function applyFaultBefore(response: ServerResponse, fault: FaultRule): boolean {
  switch (fault.kind) {
    case 'resetBefore':
      response.socket?.resetAndDestroy();
      return true;
    case 'hang':
      return true;
    case 'rateLimit':
      sendResponse(response, tooManyRequests(fault.retryAfter));
      return true;
    case 'redirect':
      sendResponse(response, { status: fault.status ?? 302, headers: { location: fault.to }, body: '' });
      return true;
    case 'hugeBody':
      sendHuge(response, fault.bytes);
      return true;
    case 'status':
    case 'html502':
      if (fault.apply) return false;
      applyFaultAfter(response, fault, { status: 200, headers: {}, body: '' });
      return true;
    default:
      return false;
  }
}

/** Applies a fault to the response of a route that has run. */
export function applyFaultAfter(response: ServerResponse, fault: FaultRule, apiResponse: ApiResponse): void {
  const body = Buffer.from(apiResponse.body, 'utf8');
  const half = body.subarray(0, Math.floor(body.length / 2));
  // An empty body gets a positive content-length, so that the client misses something.
  const head = { ...apiResponse.headers, 'content-length': String(Math.max(body.length, 16)) };
  switch (fault.kind) {
    case 'resetAfter':
      response.socket?.resetAndDestroy();
      return;
    case 'resetMidBody':
      response.writeHead(apiResponse.status, head);
      response.write(half.length > 0 ? half : ' ', () => setImmediate(() => response.socket?.resetAndDestroy()));
      return;
    case 'cutBody':
      response.writeHead(apiResponse.status, head);
      response.write(half.length > 0 ? half : ' ', () => response.socket?.end());
      return;
    case 'hangMidBody':
      response.writeHead(apiResponse.status, head);
      response.write(half.length > 0 ? half : ' ');
      return;
    case 'slowDrip':
      sendSlowly(response, apiResponse, body, fault.ms ?? 50);
      return;
    case 'garbage':
      sendResponse(response, {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: body.length > 2 ? half.toString('utf8') : '{"totalCount":1,"items":[{"id":',
      });
      return;
    case 'wrongJson':
      sendResponse(response, jsonResponse(fault.value === undefined ? [] : fault.value));
      return;
    case 'status': {
      const type = fault.contentType ?? (fault.body?.startsWith('{') ? 'application/json' : undefined);
      const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...fault.headers };
      sendResponse(response, { status: fault.status, headers, body: fault.body ?? '' });
      return;
    }
    case 'html502':
      sendResponse(response, {
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
      });
      return;
    default:
      sendResponse(response, apiResponse);
  }
}

function sendSlowly(response: ServerResponse, apiResponse: ApiResponse, body: Buffer, ms: number): void {
  response.writeHead(apiResponse.status, { ...apiResponse.headers, 'content-length': String(body.length) });
  if (body.length === 0) {
    response.end();
    return;
  }
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + 1));
    sent++;
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, ms);
  response.on('close', () => clearInterval(timer));
}

function sendHuge(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(bytes) });
  const piece = Buffer.alloc(64 * 1024, 0x61);
  let left = bytes - 2;
  response.write('"');
  const more = (): void => {
    while (left > 0) {
      const size = Math.min(left, piece.length);
      left -= size;
      if (!response.write(piece.subarray(0, size)) && left > 0) {
        response.once('drain', more);
        return;
      }
    }
    response.end('"');
  };
  more();
}
