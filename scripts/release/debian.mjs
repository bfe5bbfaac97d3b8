export const debianStep = {
  name: 'debian',
  what: 'x',
  needs: ['executable', 'licences'],
  run: async () => {},
};
