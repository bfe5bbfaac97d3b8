<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** A lock or a session that this program held is lost, or can no longer be proved to be held. */
final class LostException extends NotFoundException
{
}
