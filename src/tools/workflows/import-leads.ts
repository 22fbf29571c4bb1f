import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { content, id, integer, list, notBlank, textId } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { importOutput } from '../../workflows/imports/import-report.ts';
import { SKIPS } from '../../workflows/imports/import-skips.ts';
import { checkConditions, condition } from '../../workflows/imports/row-conditions.ts';
import { checkSource, SOURCES, sourceInput } from '../../workflows/sources/read-source.ts';
import { previewImport } from './shared/import-preview.ts';
import { checkImportInDraft, checkTarget, runImport } from './shared/run-import.ts';

const column = lazy(() =>
  z.strictObject({
    column: z.string().check(notBlank).describe('Header'),
    field: z.string().check(notBlank).describe('Lead field, custom field or none'),
  }),
);

export const importLeads = defineTool({
  name: 'import_leads',
  title: 'Import leads',
  description:
    'Adds people to a list or campaign, or updates their custom fields. The first call previews; the same call with its confirmToken imports. Asks for confirmation if campaigns would contact them.',
  toolset: 'workflows',
  risk: 'outreach',
  retry: 'idempotent',
  confirmation: 'conditional',
  input: () => ({
    ...sourceInput(),
    toListId: id('Target list; this, toCampaignId or newListName').optional(),
    toCampaignId: id('Target campaign; not a DRAFT').optional(),
    newListName: content('Name of a new target list', 200).optional(),
    columns: list(column(), 'Corrects recognised columns', { max: 100 }).optional(),
    where: list(condition(), 'Only rows that meet all', { max: 20 }).optional(),
    skip: list(z.enum(SKIPS), 'People to leave out; default all except in_any_*', { max: SKIPS.length }).optional(),
    mode: z
      .enum(['add', 'update'])
      .default('add')
      .describe('update: only custom fields of people already in the target; default add'),
    senderColumn: z.string().min(1).describe('Sender ids or names, for toCampaignId').optional(),
    max: integer('Maximum rows', 1, 100_000).optional(),
    resumeJob: textId('Job to continue', 40).optional(),
  }),
  // It compares the people with the whole workspace.
  previewMayTakeLong: true,
  runReadsPreview: true,
  bulkParameter: 'text',
  bulkAlternatives: SOURCES.filter((name) => name !== 'text'),
  check: (input) => checkSource(input) ?? checkTarget(input) ?? checkConditions(input.where ?? []),
  output: () => z.looseObject(importOutput()),
  preview: previewImport,
  draftCheck: checkImportInDraft,
  // Each call of 100 is an upsert. The account of a repeated one says so.
  verifyAfterRetry: null,
  run: runImport,
});
