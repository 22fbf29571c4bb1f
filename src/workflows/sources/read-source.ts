import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { quoteName } from '../../lib/outside-text.ts';
import { id, text, textId } from '../../mcp/arguments/fields.ts';
import type { LocalFileProblem } from '../../mcp/services/local-files.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { decodeText } from './decode-text.ts';
import { MAX_FILE_BYTES } from './files-folder.ts';
import { type PeopleTable, readCampaignSource, readListSource } from './heyreach-source.ts';
import { FILE_ENDINGS, parseTable, type TextTable } from './parse-table.ts';
import { ParseError, sourceError } from './source-error.ts';

/** Where people come from: exactly one of these. */
export const sourceInput = lazy(() => ({
  file: text('Path below HEYREACH_FILES_DIR, or up:<sha256> of an upload', 1_000).optional(),
  text: text('CSV, TSV, JSON, or one URL per line', 2_000_000).optional(),
  fromListId: id('Its members').optional(),
  fromCampaignId: id('Its leads').optional(),
  resultId: textId('Of another tool').optional(),
}));

const shape = lazy(() => z.object(sourceInput()));
export type SourceInput = z.output<ReturnType<typeof shape>>;
/** The parameters that name a source. */
export const SOURCES = Object.keys(sourceInput()) as (keyof SourceInput)[];

/** A rule across parameters: exactly one source. @param others further parameters that name people. */
export function checkSource(input: SourceInput & Record<string, unknown>, ...others: string[]): string | undefined {
  const names = [...SOURCES, ...others];
  const present = names.filter((name) => input[name] !== undefined);
  return present.length === 1 ? undefined : `exactly one of ${names.join(', ')} is required`;
}

/** People as a table of texts. Cells hold text of other people. */
export interface Source extends TextTable {
  /** What texts call it, such as `file "leads.csv"` or `list 930108`. */
  name: string;
  /** The SHA-256 of its bytes, or of its cells where it has no bytes. Equal for equal people. */
  digest: string;
  /** Columns that are custom fields of HeyReach already. */
  customColumns: string[];
  /** People that could not be read. */
  incomplete: MissingPart[];
}

/**
 * Reads the people that a call is about. The preview and the run of one call read them once.
 * @throws HeyReachError `not_sent` for a source that cannot be read. It quotes no cell.
 */
export function readSource(input: SourceInput, context: ToolContext): Promise<Source> {
  return context.memoizedRead('source', () => read(input, context));
}

async function read(input: SourceInput, context: ToolContext): Promise<Source> {
  const { file, text, fromListId, fromCampaignId, resultId } = input;
  if (file !== undefined) return readFile(file, context);
  if (text !== undefined) return parseBytes('The text', 'text', Buffer.from(text), undefined);
  if (fromListId !== undefined) return fromCells(`list ${fromListId}`, await readListSource(fromListId, context));
  if (fromCampaignId !== undefined) {
    return fromCells(`campaign ${fromCampaignId}`, await readCampaignSource(fromCampaignId, context));
  }
  return readResult(resultId ?? '', context);
}

const READS_NONE: LocalFileProblem = {
  ok: false,
  message: 'cannot be read: this server reads no files',
  nextStep: 'Give its content in text.',
};
const UPLOAD = /^up:([0-9a-f]{64})$/i;

async function readFile(file: string, { files, localFiles }: ToolContext): Promise<Source> {
  const subject = `File ${quoteName(file)}`;
  if (!file.startsWith('up:')) {
    const read = (await localFiles?.read(file, FILE_ENDINGS)) ?? READS_NONE;
    if (!read.ok) throw sourceError(subject, read.message, read.nextStep);
    return parseBytes(subject, `file ${quoteName(file)}`, read.bytes, extname(file).toLowerCase());
  }
  const sha = UPLOAD.exec(file)?.[1]?.toLowerCase();
  const bytes = sha === undefined ? undefined : await files.uploaded(sha);
  if (bytes === undefined) {
    const nextStep = 'Upload the file again with POST /files, and use the id of its answer.';
    throw sourceError(subject, 'is no upload of this key from the last 24 hours', nextStep);
  }
  if (bytes.byteLength > MAX_FILE_BYTES) throw sourceError(subject, 'is larger than 20 MB', 'Split it.');
  return parseBytes(subject, `upload ${sha!.slice(0, 12)}`, bytes, undefined);
}

/** @param subject begins the sentence of an error. @param ending the ending of the file, where it has one. */
async function parseBytes(
  subject: string,
  name: string,
  bytes: Uint8Array,
  ending: string | undefined,
): Promise<Source> {
  const { text } = await decodeText(bytes);
  const format = FILE_ENDINGS.find((known) => known === ending);
  const digest = createHash('sha256').update(bytes).digest('hex');
  try {
    return { ...(await parseTable(text, format)), name, digest, customColumns: [], incomplete: [] };
  } catch (error) {
    if (error instanceof ParseError) throw sourceError(subject, error.message, error.nextStep);
    throw error;
  }
}

async function readResult(resultId: string, { files }: ToolContext): Promise<Source> {
  const table = await files.find(resultId);
  if (table === undefined) {
    const nextStep = 'Call the tool that made it again, and use the resultId of its answer.';
    throw sourceError(`resultId ${quoteName(resultId)}`, 'is no result of this key from the last 24 hours', nextStep);
  }
  const columns = [...table.columns];
  const rows = table.rows.map((cells) => columns.map((_, index) => String(cells[index] ?? '')));
  const customColumns = [...(table.customColumns ?? [])];
  return fromCells(`result ${resultId}`, { columns, rows, tooLong: 0, customColumns, incomplete: [] });
}

function fromCells(name: string, table: PeopleTable): Source {
  const cells = JSON.stringify([table.columns, table.rows]);
  return { ...table, name, digest: createHash('sha256').update(cells).digest('hex') };
}
