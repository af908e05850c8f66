/** Where windows-950 is other than big5. */
export const windows950 = `
A145 ‧
A14E ﹑
A1C2 ¯
A1E3 ～
A1F2 ⊕⊙
A241 ∕﹨
A244 ￥
A246 ￠￡
A3E1 €
F9D6 碁銹裏墻恒粧嫺╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛╓╥╖╟╫╢╙╨╜║═╭╮╰╯▓
`;
