import { type IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { BodyReader } from '../../../../../src/transports/http/middleware/json-body.ts';

const MIB = 1024 * 1024;

interface Writing {
  request: IncomingMessage;
  stream: PassThrough;
  response: ServerResponse;
  /** How often the server sent 100 Continue. */
  asked: number;
}

function open(headers: Record<string, string> = {}): Writing {
  const stream = new PassThrough();
  const request = Object.assign(stream, { headers }) as unknown as IncomingMessage;
  const response = new ServerResponse(request);
  const writing: Writing = { request, stream, response, asked: 0 };
  response.writeContinue = () => {
    writing.asked += 1;
  };
  return writing;
}

/** The result of reading a body. */
async function read(body: string | Buffer, headers: Record<string, string> = {}, reader = new BodyReader(MIB)) {
  const { request, stream, response } = open(headers);
  const reading = reader.read({ request, response });
  stream.end(body);
  return reading;
}

describe('a body', () => {
  test('is read as JSON, whatever chunks it comes in', async () => {
    const { request, stream, response } = open();
    const reading = new BodyReader(MIB).read({ request, response });
    for (const byte of Buffer.from('{"name":"Łukasz 🚀"}')) stream.write(Buffer.from([byte]));
    stream.end();
    expect(await reading).toEqual({ message: { name: 'Łukasz 🚀' } });
  });

  test.each([
    ['', /not JSON/],
    ['{"a":', /not JSON/],
    [Buffer.from([0x22, 0xc3, 0x28, 0x22]), /not UTF-8/],
    [`${'['.repeat(257)}${']'.repeat(257)}`, /nested more than 256 deep/],
  ])('%j is rejected with the reason', async (body, message) => {
    const outcome = await read(body);
    expect(outcome).toMatchObject({ error: { status: 400, code: -32_700, reason: 'unreadable_body' } });
    expect((outcome as { error: { message: string } }).error.message).toMatch(message);
  });

  test('a body with 256 levels is read, and a text with many brackets is read too', async () => {
    expect(await read(`${'['.repeat(256)}${']'.repeat(256)}`)).toHaveProperty('message');
    expect(await read(JSON.stringify('['.repeat(1_000)))).toHaveProperty('message');
  });

  test('a body with too large a Content-Length is rejected before 100 Continue', async () => {
    const { request, response, ...writing } = open({ 'content-length': String(MIB + 1), expect: '100-continue' });
    const outcome = await new BodyReader(MIB).read({ request, response });
    expect(outcome).toMatchObject({
      error: { status: 413, message: 'The request body is larger than 1 MiB. Nothing was done.' },
    });
    expect(writing.asked).toBe(0);
  });

  test('a body from a caller without a key may have 64 KiB', async () => {
    const sent = (bytes: number, hasKey: boolean) => {
      const { request, stream, response } = open();
      const reading = new BodyReader(MIB).read({ request, response }, hasKey);
      stream.end(`"${'x'.repeat(bytes - 2)}"`);
      return reading;
    };
    expect(await sent(64 * 1024, false)).toHaveProperty('message');
    expect(await sent(64 * 1024 + 1, false)).toMatchObject({
      error: {
        status: 413,
        message: /^The request body is larger than 64 KiB\. Nothing was done\. Send a HeyReach key/,
      },
    });
    expect(await sent(64 * 1024 + 1, true)).toHaveProperty('message');
  });

  test('a body that exceeds the limit while it is read is rejected before its end', async () => {
    const { request, stream, response } = open();
    const reading = new BodyReader(MIB).read({ request, response });
    stream.write(Buffer.alloc(MIB, ' '));
    stream.write(' ');
    expect(await reading).toMatchObject({ error: { status: 413 } });
  });

  test('gets 100 Continue if its client waits for it', async () => {
    const writing = open({ expect: '100-continue', 'content-length': '2' });
    const reading = new BodyReader(MIB).read(writing);
    writing.stream.end('{}');
    expect(await reading).toEqual({ message: {} });
    expect(writing.asked).toBe(1);
  });

  test('whose client disconnects gets no answer', async () => {
    const { request, stream, response } = open();
    const reading = new BodyReader(MIB).read({ request, response });
    stream.write('{');
    stream.destroy();
    await expect(reading).rejects.toThrow('the connection closed');
  });
});

test('all bodies together have a limit, and a read body makes room again', async () => {
  const reader = new BodyReader(64 * MIB);
  const half = Buffer.alloc(60 * MIB, ' ');
  const [first, second] = [open(), open()];
  const reading = [first, second].map(({ request, response }) => reader.read({ request, response }));
  first.stream.write(half);
  second.stream.write(half);
  await new Promise(setImmediate);
  const third = { 'content-length': String(20 * MIB) };
  expect(await read('{}', third, reader)).toMatchObject({
    error: { status: 503, reason: 'bodies_busy', headers: { 'retry-after': '1' } },
  });
  first.stream.end('1');
  expect(await reading[0]).toEqual({ message: 1 });
  expect(await read('{}', third, reader)).toEqual({ message: {} });
  second.stream.destroy();
  await expect(reading[1]).rejects.toThrow();
});
