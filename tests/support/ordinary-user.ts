const nobody = 65534;

/**
 * Runs `work` without the superuser's power to ignore permissions, where the tests run as the
 * superuser. Works within one process: its effective user id changes meanwhile.
 */
export async function asOrdinaryUser<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  process.setegid!(nobody);
  process.seteuid!(nobody);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}
