/** What a source can do to the vendor's files once they are published. Names are those of its listing. */
export interface Disposal {
  remove(name: string): Promise<void>;
  /** Moves the file into another folder, which is made if it is absent. The caller asked `sizeIn` before, so that nothing is replaced. */
  move(name: string, folder: string): Promise<void>;
  /** Which right is missing, as far as that can be told without touching a file; null when none is. Absent where it cannot be told. */
  lacks?(folder: string | null): Promise<string | null>;
  /** Bytes of the file of this name in another folder; null without one. */
  sizeIn(folder: string, name: string): Promise<number | null>;
}
