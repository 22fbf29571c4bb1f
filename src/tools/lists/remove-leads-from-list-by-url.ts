import { readProfileUrl, slugKey } from '../../lib/linkedin-url.ts';
import { id, list, profileUrl } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { sendInCalls } from '../shared/batch-calls.ts';
import { previewRemoveByUrls } from './shared/removal-preview.ts';
import { removalOutput, removalResult } from './shared/removal-result.ts';

export const removeLeadsFromListByUrl = defineTool({
  name: 'remove_leads_from_list_by_url',
  title: 'Remove leads from a list by URL',
  description: 'Removes people from a list by profile URL. Returns the URLs that were not in the list.',
  toolset: 'lists',
  risk: 'destructive',
  retry: 'idempotent',
  confirmation: 'always',
  input: () => ({
    listId: id('List id'),
    profileUrls: list(profileUrl('Profile URL or slug'), 'Profile URLs; omit with confirmToken', {
      min: 1,
      max: 1_000,
    }),
  }),
  bulkParameter: 'profileUrls',
  output: removalOutput,
  preview: previewRemoveByUrls,
  // The route returns 200 even for people who are not in the list, so an error is never caused by an earlier attempt.
  verifyAfterRetry: null,
  async run({ listId, profileUrls }, context) {
    const report = await sendInCalls(
      profileUrls.map((_, index) => index),
      (part, _isLast, call) =>
        context.client.lists.removeLeadsByUrl({ listId, profileUrls: part.map((index) => profileUrls[index]!) }, call),
      context,
    );
    // HeyReach returns the people it did not find by slug. A retry after a lost response may include people it removed.
    const urlOf = urlFinder(profileUrls);
    const slugs = report.accepted.flatMap(({ response }) => response?.notFoundInList ?? []);
    const notFound = slugs.map((slug) => urlOf(slug) ?? slug);
    const repeated = report.accepted.some((accepted) => accepted.repeated);
    const note =
      'A call was retried after a lost response. notFound may include people whom the first attempt removed.';
    // Without HeyReach's list, an empty notFound would read as "all were in the list".
    const isKnown =
      report.accepted.length > 0 && report.accepted.every(({ response }) => response?.notFoundInList != null);
    const notFoundField = isKnown || notFound.length > 0 ? { notFound } : {};
    return removalResult(listId, profileUrls.length, report, { ...notFoundField, ...(repeated ? { note } : {}) });
  },
});

/** Finds the requested URL of a slug in HeyReach's response, which may have lost the case of a member id. */
function urlFinder(urls: readonly string[]): (slug: string) => string | undefined {
  const byKey = new Map(urls.map((url) => [keyOf(url), url]));
  const byLowerKey = new Map<string, string | undefined>();
  for (const [key, url] of byKey)
    byLowerKey.set(key.toLowerCase(), byLowerKey.has(key.toLowerCase()) ? undefined : url);
  return (slug) => {
    const key = keyOf(`https://www.linkedin.com/in/${slug}`);
    return byKey.get(key) ?? byLowerKey.get(key.toLowerCase());
  };
}

/** The comparison key of the last part of a profile URL of any kind. */
function keyOf(url: string): string {
  const profile = readProfileUrl(url);
  return slugKey(profile.ok ? profile.slug : url);
}
