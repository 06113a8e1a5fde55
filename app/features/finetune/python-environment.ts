import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, toErrorEnvelope } from '../../../core/errors.ts';
import { runPython } from './python-process.ts';

/** Python packages imported by models/training. */
const neededModules = 'cv2, numpy, PIL, pycocotools, safetensors, tokenizers, torch';
const leastVersion = '3.11';
const candidates = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python'];

export interface EnvironmentOptions {
  /** The person's data folder; the environment is made in `python` inside it. */
  readonly userData: string;
  /** Every package at one version, with the hashes that its files may have. */
  readonly requirements: string;
  readonly signal: AbortSignal;
  /** Says what is being done, a short line at a time. */
  readonly say: (line: string) => void;
}

/**
 * A Python that can run models/training: the one that PIXELSAIL_PYTHON names, else one in an
 * environment of its own that is made on first use (some minutes, up to some gigabytes from the
 * Python package index) and reused while the requirements stay the same.
 * @throws AppError `unsupported` saying what is missing and what to install, `cancelled`
 */
export async function trainingPython(options: EnvironmentOptions): Promise<string> {
  const named = process.env['PIXELSAIL_PYTHON'];
  if (named) {
    await requireModules(named, options.signal);
    return named;
  }
  const folder = join(options.userData, 'python');
  const python = join(
    folder,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const stamp = join(folder, 'requirements.sha256');
  const wanted = createHash('sha256')
    .update(await readFile(options.requirements))
    .digest('hex');
  const made = await readFile(stamp, 'utf8').catch(() => null);
  if (made === wanted && (await canRun(python, '-c', 'pass'))) return python;

  options.say(`Making a Python environment in ${folder} (once; downloads PyTorch)`);
  try {
    await makeEnvironment(await findPython(), folder, options.signal);
    await installPackages(python, options);
    refuseAborted(options.signal);
    await requireModules(python, options.signal);
    await writeFile(stamp, wanted);
    return python;
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}

async function findPython(): Promise<string> {
  const version = leastVersion.replace('.', ', ');
  for (const python of candidates) {
    if (await canRun(python, '-c', `import sys; sys.exit(sys.version_info < (${version}))`)) {
      return python;
    }
  }
  throw new AppError(
    'unsupported',
    `Training needs Python ${leastVersion} or later, and neither ${candidates.join(' nor ')} is one. Install it ` +
      '(python.org, or your system’s packages) and run the same command again, or name a Python that has the packages ' +
      'of models/training/requirements.txt in PIXELSAIL_PYTHON.',
  );
}

async function makeEnvironment(python: string, folder: string, signal: AbortSignal): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  try {
    await runPython({ python, words: ['-m', 'venv', folder], signal });
  } catch (thrown) {
    throw new AppError(
      'unsupported',
      `${python} cannot make an environment (on Debian and Ubuntu: apt install python3-venv). ` +
        toErrorEnvelope(thrown).message,
    );
  }
}

async function installPackages(
  python: string,
  { requirements, signal, say }: EnvironmentOptions,
): Promise<void> {
  const words = ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off'];
  const packageOf = /^(?:Collecting|Downloading) (\S+)/;
  try {
    await runPython({
      python,
      words: [...words, '--require-hashes', '--no-deps', '-r', requirements],
      signal,
      onLine: (line) => {
        const found = packageOf.exec(line);
        if (found) say(`  ${found[0]}`);
        else if (line.startsWith('Installing')) say('  Installing what was downloaded');
      },
    });
  } catch (thrown) {
    throw new AppError(
      'unsupported',
      'The packages that training needs could not be installed, or are not the files that they were made for. Check the ' +
        'network (or pip’s index and proxy settings) ' +
        `and run the same command again. ${toErrorEnvelope(thrown).message}`,
    );
  }
}

async function requireModules(python: string, signal: AbortSignal): Promise<void> {
  try {
    await runPython({ python, words: ['-c', `import ${neededModules}`], signal });
  } catch (thrown) {
    throw new AppError(
      'unsupported',
      `${python} cannot run the training. Install into it: pip install -r models/training/requirements.txt. ` +
        toErrorEnvelope(thrown).message,
    );
  }
  refuseAborted(signal);
}

async function canRun(python: string, ...words: string[]): Promise<boolean> {
  return runPython({ python, words }).then(
    () => true,
    () => false,
  );
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', 'The Python environment was not made.');
}
