/**
 * Whether a request has a header more than once.
 * @param name in lower case.
 * @param rawHeaders names and values in turn, as Node passes them.
 */
export function isSentTwice(name: string, rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at]!;
    if (sent.length === name.length && sent.toLowerCase() === name) count += 1;
  }
  return count > 1;
}
