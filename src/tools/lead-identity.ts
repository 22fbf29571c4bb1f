import type { z } from 'zod';
import { profileUrl, text } from './fields.ts';

/** Who is meant, in one of three ways. */
export const identityFields = {
  profileUrl: profileUrl('Profile URL or slug; this, linkedinId or email').optional(),
  linkedinId: text('LinkedIn member id', 60).optional(),
  email: text('E-mail address', 320).optional(),
};

type Identity = { [Name in keyof typeof identityFields]?: z.output<(typeof identityFields)[Name]> };

export function checkIdentity(input: Identity): string | undefined {
  const given = input.profileUrl ?? input.linkedinId ?? input.email;
  return given === undefined ? 'one of profileUrl, linkedinId and email is required' : undefined;
}
