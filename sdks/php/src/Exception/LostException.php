<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** A lock or session that this program held is lost, or may have expired. */
final class LostException extends NotFoundException
{
}
