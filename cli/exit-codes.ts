import type { ErrorCode } from '../core/errors.ts';

/** Exit codes, documented in `--help` and the README; scripts may rely on them. */
export const exitCodes = {
  done: 0,
  internal: 1,
  usage: 2,
  badInput: 3,
  someLeftOut: 4,
  badProject: 5,
  system: 6,
  engine: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const exitCodeOfError: Record<ErrorCode, ExitCode> = {
  'invalid-input': exitCodes.badInput,
  'not-found': exitCodes.badInput,
  'already-exists': exitCodes.badInput,
  unsupported: exitCodes.badInput,
  'image-unreadable': exitCodes.badInput,
  'image-too-large': exitCodes.badInput,
  'prompt-outside-image': exitCodes.badInput,
  'checkpoint-invalid': exitCodes.badInput,
  'package-invalid': exitCodes.badInput,
  'dataset-invalid': exitCodes.badInput,
  conflict: exitCodes.badProject,
  'project-not-open': exitCodes.badProject,
  'project-locked': exitCodes.badProject,
  'project-displaced': exitCodes.badProject,
  'database-from-future': exitCodes.badProject,
  'database-corrupt': exitCodes.badProject,
  'export-proof-failed': exitCodes.badProject,
  'disk-full': exitCodes.system,
  'permission-denied': exitCodes.system,
  'model-not-loaded': exitCodes.engine,
  'engine-lost': exitCodes.engine,
  'server-failed': exitCodes.engine,
  'backend-lost': exitCodes.engine,
  cancelled: exitCodes.interrupted,
  internal: exitCodes.internal,
};

/** The exit code of a command that failed with this error. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return exitCodeOfError[code];
}

export const exitCodeHelp = `Exit codes:
  0    done
  1    internal error: please report it
  2    wrong command or option
  3    bad input: an image, prompt, dataset, checkpoint or model package; the message says what to do
  4    done, but rows or images were left out, or photos are missing or changed; each is listed with a reason
  5    the project is locked, damaged or from a newer version, or the export proof failed
  6    the disk is full or permission is missing
  7    the model or its device failed
  130  interrupted with Ctrl-C (by SIGTERM 143, by SIGHUP 129); finished work is kept`;
