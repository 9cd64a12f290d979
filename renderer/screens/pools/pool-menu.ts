/** The rarer actions of a pool, as rows of a menu. */
import { Download, Pencil, Trash2 } from 'lucide-react';
import type { Pool } from '../../../shared/model.ts';
import type { MenuAction } from '../../components/menu.tsx';
import { navigate } from '../../router.ts';
import { openDialog } from '../../store/dialogs.ts';
import { poolPath } from './pool-path.ts';

export const editAction = ({ id }: Pool): MenuAction => ({
  label: 'Edit',
  icon: Pencil,
  run: () => navigate(poolPath(id)),
});

export const exportAction = ({ id }: Pool): MenuAction => ({
  label: 'Export as YAML…',
  icon: Download,
  run: () => openDialog({ kind: 'export-pools', poolId: id }),
});

export const removeAction = (ask: () => void): MenuAction => ({
  label: 'Remove…',
  icon: Trash2,
  danger: true,
  separated: true,
  run: ask,
});
