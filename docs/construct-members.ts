import { fileURLToPath } from 'node:url';
import type { Node } from 'typescript/unstable/ast';
import {
  isClassDeclaration,
  isInterfaceDeclaration,
  isMethodDeclaration,
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
} from 'typescript/unstable/ast/is';
import { API, type Checker, type Program, SymbolFlags } from 'typescript/unstable/sync';

export interface Member {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly text: string;
  /** Without the value that a member has when it is absent: an empty text. */
  readonly default: string;
}

export interface Declared {
  readonly text: string;
  readonly members: readonly Member[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = `${root}tsconfig.build.json`;

/** Public members of interfaces and classes of the source, by their names, as the compiler reads declarations and doc comments. */
export function declaredIn(files: readonly string[]): Map<string, Declared> {
  const api = new API({ cwd: root });
  try {
    const project = api.updateSnapshot({ openProjects: [CONFIG] }).getProject(CONFIG);
    if (project === undefined) throw new Error(`${CONFIG} cannot be read`);
    return new Map(files.flatMap((file) => declarations(`${root}${file}`, project.program, project.checker)));
  } finally {
    api.close();
  }
}

function declarations(path: string, program: Program, checker: Checker): [string, Declared][] {
  const file = program.getSourceFile(path);
  if (file === undefined) throw new Error(`${path} belongs to no entry of tsconfig.build.json`);
  const textOf = (node: Node | undefined) => node?.getText(file).replace(/\s+/g, ' ') ?? '';
  return [...file.statements].flatMap((statement): [string, Declared][] => {
    if (!isInterfaceDeclaration(statement) && !isClassDeclaration(statement)) return [];
    const symbol = statement.name && checker.getSymbolAtLocation(statement.name);
    if (symbol === undefined) return [];
    const members = [...statement.members].flatMap((member): Member[] => {
      const isMethod = isMethodDeclaration(member);
      if (!isMethod && !isPropertyDeclaration(member) && !isPropertySignatureDeclaration(member)) return [];
      const name = textOf(member.name);
      const own = checker.getSymbolAtLocation(member.name);
      if (own === undefined || name.startsWith('#')) return [];
      const parameters = isMethod ? [...member.parameters].map(textOf).join(', ') : '';
      return [
        {
          name: isMethod ? `${name}(${parameters})` : name,
          type: textOf(member.type),
          isOptional: (own.flags & SymbolFlags.Optional) !== 0,
          text: flowing(own.getDocumentationComment(checker)),
          default: flowing(own.getJsDocTags(checker).find((tag) => tag.name === 'default')?.text ?? '').replace(
            /^- /,
            '',
          ),
        },
      ];
    });
    return [[symbol.name, { text: flowing(symbol.getDocumentationComment(checker)), members }]];
  });
}

const flowing = (text: string) => text.replace(/\s+/g, ' ').trim();
