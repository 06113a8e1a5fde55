const anyServer = 'PIXELSAIL_CHAT_KEY';

/** The environment variable with the key of one model's server: its id in capitals. */
function ownVariable(id: string): string {
  return `${anyServer}_${id.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}

/**
 * The key of a model's server: the one that its host keeps, else the environment's, first the
 * model's own variable and then that of all. Null where the server needs none. Keys are never part
 * of a package.
 */
export function serverKey(
  id: string,
  kept: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): { readonly key: string | null; readonly variable: string } {
  const variable = ownVariable(id);
  const found = [kept, environment[variable], environment[anyServer]];
  return {
    key: found.find((key) => key !== undefined && key.trim() !== '')?.trim() ?? null,
    variable,
  };
}
