import { describe, expect, test } from 'vitest';
import type { HttpError } from '../../../../../src/lib/http-error.ts';
import { hostValidation, ownHosts } from '../../../../../src/transports/http/middleware/host-validation.ts';
import { exchangeOf } from './exchange-of.ts';

const middleware = hostValidation(ownHosts({ host: '127.0.0.1', allowedHosts: ['Tools.Example.com'] }), []);
const validate = (headers: Record<string, string>) => middleware(exchangeOf(headers)) as HttpError | undefined;

describe('Host', () => {
  test.each([
    ['localhost', true],
    ['LOCALHOST:3000', true],
    ['127.0.0.1:3000', true],
    ['[::1]:3000', true],
    ['tools.example.com', true],
    ['tools.example.com:443', true],
    ['tools.example.com.evil.example.com', false],
    ['evil.example.com', false],
    ['127.0.0.1.evil.example.com', false],
    ['127.0.0.2', false],
    ['', false],
    ['not a host', false],
    // A URL parser reads these as names of this machine.
    ['evil.example.com:x@127.0.0.1', false],
    ['evil.example.com@localhost', false],
    ['127.0.0.1/evil.example.com', false],
    ['localhost?evil.example.com', false],
    ['localhost#', false],
    ['0x7f.1', false],
    ['127.1', false],
    ['2130706433', false],
    ['%6cocalhost', false],
    ['ｌocalhost', false],
    ['localhost:', false],
    ['localhost:x', false],
    ['localhost:3000:3000', false],
    // The port is not valid in a URL.
    ['localhost:65536', false],
    ['[0:0:0:0:0:0:0:1]:3000', true],
    ['[::1', false],
    ['[:::1]', false],
    ['::1', false],
    ['[::ffff:127.0.0.1]', false],
  ])('%j: %j', (host, isAccepted) => {
    expect(validate({ host })?.status).toBe(isAccepted ? undefined : 403);
  });

  test.each([
    ['192.0.2.2', ['192.0.2.2:3000', '192.0.2.2'], ['192.0.2.3', '127.0.0.2']],
    ['127.0.0.2', ['127.0.0.2:3000'], ['127.0.0.3']],
    ['Box.Example.com', ['box.example.com', 'BOX.example.com:3000'], ['example.com']],
    // Normalized as clients do, and as configured.
    ['127.0.514', ['127.0.2.2', '127.0.514:3000'], ['127.0.0.2']],
    ['2001:DB8:0:0::7', ['[2001:db8::7]:3000', '[2001:DB8:0:0::7]:3000'], ['[2001:db8::8]', '2001:db8::7']],
    // Wildcard addresses are not names.
    ['0.0.0.0', [], ['0.0.0.0:3000', '192.0.2.2']],
    ['0', [], ['0', '0.0.0.0', '192.0.2.2']],
    ['::', [], ['[::]:3000', '::', '0.0.0.0', '192.0.2.2']],
    ['0:0:0:0:0:0:0:0', [], ['[::]', '[0:0:0:0:0:0:0:0]']],
    ['*', [], ['*', '192.0.2.2']],
  ])('a server that listens on %s accepts %j and rejects %j', (host, own, others) => {
    const listening = hostValidation(ownHosts({ host, allowedHosts: [] }), []);
    const isAccepted = (name: string) => listening(exchangeOf({ host: name })) === undefined;
    expect(own.filter((name) => !isAccepted(name))).toEqual([]);
    expect(others.filter(isAccepted)).toEqual([]);
    expect(isAccepted('localhost:3000')).toBe(true);
  });

  test('a request without Host is rejected', () => {
    expect(validate({})).toMatchObject({ status: 400, reason: 'no_host' });
  });

  test('a valid Origin does not compensate for an invalid Host', () => {
    expect(validate({ host: 'evil.example.com', origin: 'http://localhost:6274' })?.reason).toBe('host');
  });

  test('a health probe may use any Host', () => {
    const probed = hostValidation(ownHosts({ host: '127.0.0.1', allowedHosts: [] }), ['/healthz']);
    expect(probed(exchangeOf({ host: '192.0.2.2' }, '/healthz?verbose'))).toBeUndefined();
    expect(probed(exchangeOf({ host: '192.0.2.2' }, '/mcp'))).toMatchObject({ status: 403 });
  });
});
