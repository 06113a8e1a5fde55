import type { HostBridge } from '../../app/api/contract.ts';
import { defaultProjectSettings, type ProjectSettings } from '../../core/project-settings.ts';

/** Settings of the open project. A change shows at once and is stored in the project. */
export class ProjectSettingsState {
  current = $state.raw<ProjectSettings>(defaultProjectSettings);
  /** Whether `current` is what the project has. */
  isLoaded = false;
  readonly #bridge: HostBridge;
  readonly #onFailure: (thrown: unknown) => void;

  constructor(bridge: HostBridge, onFailure: (thrown: unknown) => void) {
    this.#bridge = bridge;
    this.#onFailure = onFailure;
  }

  async load(): Promise<void> {
    this.current = await this.#bridge.call('project.settings', null);
    this.isLoaded = true;
  }

  /**
   * Keeps what the person did not choose in so many words: that it could not be kept is not said.
   */
  keep(changed: Partial<ProjectSettings>): void {
    this.current = { ...this.current, ...changed };
    this.#bridge.call('project.changeSettings', changed).catch(() => undefined);
  }

  change(changed: Partial<ProjectSettings>): void {
    this.current = { ...this.current, ...changed };
    this.#bridge.call('project.changeSettings', changed).catch(this.#onFailure);
  }
}
