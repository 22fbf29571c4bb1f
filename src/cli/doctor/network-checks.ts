import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { type DoctorCheck, failed, ok, skipped, warning } from './check.ts';

const TIMEOUT_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;
/** A certificate that ends within this time is named. */
const SOON_MS = 7 * DAY_MS;

/** Whether the name of the HeyReach host has an address. */
export async function checkDns(baseUrl: string): Promise<DoctorCheck> {
  const host = hostOf(baseUrl);
  if (isIP(host) !== 0) return skipped('DNS', `${host} is an address`);
  const start = performance.now();
  try {
    const addresses = await lookup(host, { all: true });
    const count = addresses.length === 1 ? 'one address' : `${addresses.length} addresses`;
    return ok('DNS', `${host} has ${count}, found in ${Math.round(performance.now() - start)} ms`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const next =
      code === 'ENOTFOUND'
        ? 'Check the spelling of HEYREACH_BASE_URL. If it is right, check the DNS server of this computer or its VPN.'
        : 'Check the network and the DNS server of this computer, and try again.';
    return failed('DNS', `the name ${host} cannot be resolved (${code})`, next);
  }
}

/** What to do about a certificate, by the code of the error. */
const CERTIFICATE_STEPS: Record<string, string> = {
  CERT_HAS_EXPIRED:
    'Check the clock of this computer. If it is right, the operator of the host must renew the certificate.',
  CERT_NOT_YET_VALID: 'Set the clock of this computer.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Check HEYREACH_BASE_URL: another host answers, or a proxy in between.',
};
const UNKNOWN_ISSUER =
  'A proxy or virus scanner may replace the certificate. Ask its operator for the certificate, and set NODE_EXTRA_CA_CERTS to its file. Do not switch the check off.';

/** Whether the HeyReach host proves its identity. The program uses the same certificates. */
export async function checkTls(baseUrl: string): Promise<DoctorCheck> {
  const { protocol, port } = new URL(baseUrl);
  const host = hostOf(baseUrl);
  if (protocol !== 'https:') return skipped('TLS', 'a host on this computer needs none');
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({ host, port: Number(port || 443), timeout: TIMEOUT_MS, ...servername });
  try {
    await secured(socket);
    const { valid_to: end, issuer } = socket.getPeerCertificate();
    const left = Date.parse(end) - Date.now();
    const detail = `${socket.getProtocol()}, certificate of ${issuer?.O ?? issuer?.CN ?? 'an unnamed issuer'} until ${end}`;
    if (left > SOON_MS) return ok('TLS', detail);
    return warning('TLS', detail, 'It ends soon: the operator of the host must renew it.');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const isCertificate = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code);
    if (!isCertificate) {
      const next = 'Check firewalls and HEYREACH_BASE_URL. This program uses no proxy.';
      return failed('TLS', `${host} makes no TLS connection (${code || message})`, next);
    }
    return failed(
      'TLS',
      `the certificate of ${host} is not accepted (${code})`,
      CERTIFICATE_STEPS[code] ?? UNKNOWN_ISSUER,
    );
  } finally {
    socket.destroy();
  }
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve).once('error', reject);
    socket.once('timeout', () => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })));
  });
}

/** The host of a URL, an IPv6 address without its brackets. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
