import type { Finding } from '../finding.js';
import type { Side } from './side.js';

export interface FilesSeen {
  readonly frontend?: SideFiles;
  readonly backend?: SideFiles;
  /** null where one side's value is not known */
  readonly agree: boolean | null;
  /** how one side's value comes from the other's, where that is known */
  readonly relation: { readonly mangled: Side; readonly variant: string } | null;
  /** both files say the same bytes, and the loaders read them otherwise */
  readonly sameText: boolean;
  /** of `env check` */
  readonly findings: readonly Finding[];
}

export interface SideFiles {
  readonly loader: string;
  readonly files: readonly FileSeen[];
  /** the id of the holder that decides; null where no file sets the secret */
  readonly holder: string | null;
  /** what other releases of the loader make of the secret: the same, something else, or nothing at all */
  readonly otherReleases: 'same' | 'other' | 'nothing';
  /** the variable that the side is said or known to read */
  readonly name: string;
  /** names that look like a secret's, in the files that the loader reads */
  readonly secretNames: readonly string[];
  /** settings that are no secrets, as the loader reads them: addresses without user, password and query, algorithms */
  readonly settings: readonly SettingSeen[];
}

export interface SettingSeen {
  readonly name: string;
  readonly value: string;
  readonly path: string | null;
  readonly line: number | null;
}

export interface FileSeen {
  readonly path: string;
  readonly found: 'absent' | 'folder' | 'special' | 'unreadable' | 'too-large' | 'file';
  readonly encoding: string | null;
  /** ISO 8601; null where unknown */
  readonly modified: string | null;
}

export interface ProcessSeen {
  readonly pid: number;
  /** ISO 8601 */
  readonly started: string | null;
  /** the variables with which it was started that bear on the matter; no values */
  readonly names: readonly string[];
  /** its working folder, from that of this run; null where it cannot be read */
  readonly cwd: string | null;
}
