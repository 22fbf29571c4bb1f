import { isUtf8 } from 'node:buffer';

/** How many bytes decide whether a text without a byte order mark is UTF-16. */
const SNIFFED_BYTES = 4_096;

/** A decoded text and the name of its character set. */
export interface DecodedText {
  text: string;
  charset: string;
}

/**
 * Decodes the text of a file. The first that fits decides: its byte order mark; UTF-16, where every second byte is zero; strict
 * UTF-8; Windows-1252, which Excel writes in Western Europe and the Americas.
 */
export async function decodeText(bytes: Uint8Array): Promise<DecodedText> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const charset = charsetOf(buffer);
  if (charset === 'utf-8') return { text: buffer.toString('utf8').replace(/^\ufeff/, ''), charset };
  // TextDecoder of some Node versions decodes windows-1252 as latin1.
  const { default: iconv } = await import('iconv-lite');
  return { text: iconv.decode(buffer, charset), charset };
}

function charsetOf(buffer: Buffer): string {
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf-16le';
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return 'utf-16be';
  const start = buffer.subarray(0, SNIFFED_BYTES);
  const zerosAt = (parity: number) => start.filter((byte, index) => byte === 0 && index % 2 === parity).length;
  // Names and URLs are mostly ASCII, whose upper byte is zero.
  if (zerosAt(1) > start.length / 4) return 'utf-16le';
  if (zerosAt(0) > start.length / 4) return 'utf-16be';
  return isUtf8(buffer) ? 'utf-8' : 'windows-1252';
}
