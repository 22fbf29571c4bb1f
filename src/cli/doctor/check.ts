/** `skipped`: there was nothing to check. A warning does not change the exit code. */
export type Status = 'ok' | 'warning' | 'failed' | 'skipped';

/** One thing that `doctor` looked at. */
export interface DoctorCheck {
  name: string;
  status: Status;
  /** The finding. Holds no character of a key. */
  detail: string;
  /** What the person does about it. */
  next?: string;
}

export const ok = (name: string, detail: string): DoctorCheck => ({ name, status: 'ok', detail });
export const skipped = (name: string, detail: string): DoctorCheck => ({ name, status: 'skipped', detail });
export const warning = (name: string, detail: string, next: string): DoctorCheck => ({
  name,
  status: 'warning',
  detail,
  next,
});
export const failed = (name: string, detail: string, next: string): DoctorCheck => ({
  name,
  status: 'failed',
  detail,
  next,
});
