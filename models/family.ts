import type { z } from 'zod';
import type { ModelTask } from '../core/prompt.ts';
import type { ServerAddress } from '../core/server-address.ts';
import type { LoadOptions, Model } from './model.ts';
import type { OpenedDevice } from './onnx/device.ts';
import type { DeviceTest } from './onnx/self-test.ts';
import type { GraphInterface } from './onnx/graph-interface.ts';
import type { Manifest } from './package/manifest.ts';

/** A package whose files were checked against their hashes. */
export interface CheckedPackage<Own extends Manifest = Manifest> {
  readonly directory: string;
  readonly manifest: Own;
  /** Identity of the package's content. */
  readonly hash: string;
}

/**
 * A kind of network: how its packages describe themselves, what they can do, and how they answer.
 * It is one folder under models/families/ and one line in models/registry.ts.
 */
export interface Family<Own extends Manifest = Manifest> {
  readonly id: string;
  /** The manifest with the family's own configuration and graphs. */
  readonly manifest: z.ZodType<Own>;
  /** A package may offer some of them, but no others. */
  readonly tasks: readonly ModelTask[];
  /** The graphs of a package; sessions are opened for these. None where a server computes. */
  readonly graphRoles: readonly string[];
  /** How graphs that others exported become packages of this family, where there are such. */
  readonly import?: GraphImport<Own>;
  /** Where models of this family run on a server, which gets the photos. */
  readonly server?: ServerFamily<Own>;
  /**
   * The runtime of the network, imported when a model is loaded, so that listing packages loads no
   * native code.
   */
  runtime(): Promise<FamilyRuntime<Own> | ServerRuntime<Own>>;
}

/** A `.onnx` file, and what it takes and gives. */
export interface GivenGraph extends GraphInterface {
  readonly path: string;
  /** The exporter's notes in the file, by their names. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A person's description of graphs, beside their files. */
export interface ImportHints {
  /** Of the image that a graph takes, where its shapes leave it open. */
  readonly side?: number;
  /** Names of the classes of objects that a graph finds, in its order. */
  readonly classes?: readonly string[];
  /** How a graph that no family knows takes photos and gives objects; checked by the family. */
  readonly mapping?: unknown;
}

/** The description of a recognised set of graphs. */
export interface RecognizedGraphs<Own extends Manifest = Manifest> extends Required<
  Pick<Own, 'config' | 'tasks' | 'prompts'>
> {
  readonly classes?: Own['classes'];
  readonly minimumScore?: number;
  readonly graphs: Readonly<Record<keyof Own['graphs'], GivenGraph>>;
  /** Estimated bytes, beside the weights, while a photo is looked at. */
  readonly workingBytes: number;
}

/** How a family knows graphs that were not exported for it. */
export interface GraphImport<Own extends Manifest = Manifest> {
  /** The exports that it knows, by the names that people have for them. */
  readonly kinds: readonly string[];
  /**
   * Goes by names, types and shapes of inputs and outputs, never by file names.
   * @returns null for graphs that it does not know
   * @throws AppError `invalid-input` when it knows them but is told too little about them
   */
  recognize(graphs: readonly GivenGraph[], hints: ImportHints): RecognizedGraphs<Own> | null;
}

/** How a family describes a model that a server runs. */
export interface ServerFamily<Own extends Manifest = Manifest> {
  /** Where photos are sent. */
  addressOf(manifest: Own): string;
  /** The configuration of a package. @param model the server's own name of it */
  describe(address: ServerAddress, model: string): Manifest['config'];
}

/** The part of a family that asks a server. */
export interface ServerRuntime<Own extends Manifest = Manifest> {
  /**
   * A model that answers through its server; nothing is sent but what shows that it is there.
   * @throws AppError when the server cannot be reached, or refuses
   */
  connect(source: CheckedPackage<Own>, options: LoadOptions): Promise<Model>;
}

/** The part of a family that computes. */
export interface FamilyRuntime<Own extends Manifest = Manifest> {
  /** The self-test that a device has to pass before it is used. */
  selfTest(manifest: Own): DeviceTest;
  /**
   * A model that answers on an opened device; closing the model releases it.
   * @throws AppError `package-invalid` when a file that the family reads itself is not what it
   * should be
   */
  load(source: CheckedPackage<Own>, device: OpenedDevice, options: LoadOptions): Promise<Model>;
}
