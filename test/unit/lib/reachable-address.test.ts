import { describe, expect, test } from 'vitest';
import { unreachableReason } from '../../../src/lib/reachable-address.ts';

describe('unreachableReason', () => {
  test.each([
    ...['http://localhost:5678/h', 'http://LOCALHOST./h', 'http://127.0.0.1/', 'http://0x7f.1/', 'http://2130706433/'],
    ...[
      'http://10.1.2.3/',
      'http://172.20.0.1/',
      'http://192.168.1.1/',
      'http://169.254.169.254/',
      'http://100.64.0.1/',
    ],
    ...['http://0.0.0.0/', 'https://[::1]/', 'https://[::]/', 'https://[fe80::1]/', 'https://[fd00::1]/'],
    ...[
      'https://[::ffff:192.168.0.1]/',
      'http://n8n:5678/h',
      'https://nas.local/',
      'https://a.internal/',
      'https://a.lan',
    ],
  ])('%s is not public', (address) => {
    expect(unreachableReason(address)).toContain('HeyReach cannot reach');
  });

  test.each([
    ...['https://${HOST}/h', 'https://{{host}}/h', 'https://example.com/{{path}}', 'https://example.com/%7B%7Bx%7D%7D'],
    ...[
      'https://example.com/?token=${TOKEN}',
      'https://example.com/{id}',
      'https://example.com/$TOKEN',
      'https://<host>/h',
    ],
  ])('%s has an unfilled variable', (address) => {
    expect(unreachableReason(address)).toContain('variable that no program filled in');
  });

  test('names the part of the URL that is a missing value', () => {
    expect(unreachableReason('https://example.com/undefined/h')).toContain('missing value');
  });

  test.each([
    ...[
      'https://hooks.example.com/h?x=1',
      'http://8.8.8.8/',
      'https://[2606:4700::1111]/',
      'https://example.com:8443/ab$cd',
    ],
    ...['https://mylocal.example.com/', 'https://local.example.org/', 'https://xn--bcher-kva.example.com/'],
  ])('%s is reachable', (address) => {
    expect(unreachableReason(address)).toBeUndefined();
  });
});
